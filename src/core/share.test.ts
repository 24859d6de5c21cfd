import { expect, test } from 'vitest';
import { floorOfShare } from './share.ts';

test.each([
  [0.9, 10, 9],
  [0.3, 10, 3],
  [0.29, 100, 29], // 28.999… in float64
  [0.57, 100, 57],
  [0.1 + 0.2, 10, 3], // prints as 0.30000000000000004
  [0.5, 7, 3],
  [1e-7, 9_999_999, 0],
  [1e-7, 10_000_000, 1],
  [2.5e-8, 40_000_000, 1],
  [0, 12, 0],
  [1, 2 ** 53 - 1, 2 ** 53 - 1],
  [0.95, 2 ** 52, 4278419646001971],
])('%f of %i are %i', (share, count, wanted) => {
  expect(floorOfShare(share, count)).toBe(wanted);
});

test('a divisor divides before anything is dropped', () => {
  expect(floorOfShare(0.9, 768 * 768, 1536)).toBe(345);
  expect(floorOfShare(0.5, 7, 2)).toBe(1);
});

test('a share is at most all', () => {
  expect(() => floorOfShare(1.5, 2)).toThrow('a share');
});
