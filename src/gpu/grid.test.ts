import { expect, test } from 'vitest';
import { grid1d } from './grid.ts';

test.each([1, 63, 64, 65, 65_535 * 64, 65_535 * 64 + 1, 2 ** 31])('covers %i invocations', (n) => {
  const [x, y, z] = grid1d(n, 64);
  expect(z).toBe(1);
  expect(Math.max(x, y)).toBeLessThanOrEqual(65_535);
  expect(x * y * 64).toBeGreaterThanOrEqual(n);
  expect(x * y * 64 - n).toBeLessThan(64 * (y + 1));
});
