import { expect, test } from 'vitest';
import type { Weight } from '../model/weight.ts';
import { leftAloneRow } from './weight-rows.ts';

const weightOf = (dims: readonly number[], byteLength: number): Weight => ({
  ...({ name: 'w', label: 'w', uses: [] } as unknown as Weight),
  tensor: { name: 'w', dtype: 'float32', dims, storedByteLength: byteLength } as never,
});

test.each([
  [[2, 3], 24, 32],
  [[], 4, 32],
  [[0], 0, 0],
  [[4, 0], 0, 0],
])('a weight of dims %j in %i bytes has %i bits each', (dims, byteLength, bits) => {
  const row = leftAloneRow({ weight: weightOf(dims, byteLength), reason: 'small' }, false);
  expect(row.bitsPerWeight).toBe(bits);
});
