import { expect, test } from 'vitest';
import { permute } from './permute.ts';

test('the axes of a tensor in another order', () => {
  const values = Uint8Array.from({ length: 24 }, (_, i) => i);
  expect(permute(values.slice(0, 6), [2, 3], [1, 0])).toEqual(Uint8Array.of(0, 3, 1, 4, 2, 5));
  const turned = permute(values, [2, 3, 4], [1, 0, 2]);
  expect([...turned.slice(0, 8)]).toEqual([0, 1, 2, 3, 12, 13, 14, 15]);
  expect(permute(turned, [3, 2, 4], [1, 0, 2])).toEqual(values);
  const around = permute(values, [2, 3, 4], [2, 0, 1]);
  expect(permute(around, [4, 2, 3], [1, 2, 0])).toEqual(values);
});
