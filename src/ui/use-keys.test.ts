import { expect, test } from 'vitest';
import { secondWithin } from './use-keys.ts';

test('only a second press within the span counts, and the next one begins anew', () => {
  const again = secondWithin(3000);
  expect([again(0), again(2900), again(3000), again(9000), again(9100)]).toEqual([
    ...[false, true, false, false, true],
  ]);
});
