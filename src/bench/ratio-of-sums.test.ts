import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { RatioOfSums } from './ratio-of-sums.ts';

test('rows of one position: the mean and its standard error', () => {
  const values = [1, 2, 4, 9];
  const sums = new RatioOfSums();
  for (const value of values) sums.add(value, 1);
  expect(sums.ratio).toBe(4);
  const variance = values.reduce((sum, value) => sum + (value - 4) ** 2, 0) / 3;
  expect(sums.interval?.high).toBeCloseTo(4 + 1.96 * Math.sqrt(variance / 4), 12);
  expect(sums.interval?.low).toBeCloseTo(Math.max(0, 4 - 1.96 * Math.sqrt(variance / 4)), 12);
});

test('equal rates leave no doubt, however long the rows', () => {
  const sums = new RatioOfSums();
  for (const count of [1, 5, 20]) sums.add(0.3 * count, count);
  expect(sums.ratio).toBeCloseTo(0.3, 12);
  expect((sums.interval?.high ?? 1) - (sums.interval?.low ?? 0)).toBeLessThan(1e-6);
});

test('the interval holds the truth about 95 times of 100', () => {
  const random = seededRandom(7);
  let held = 0;
  for (let trial = 0; trial < 400; trial++) {
    const sums = new RatioOfSums();
    for (let row = 0; row < 60; row++) {
      const count = 1 + Math.floor(random.uniform() * 20);
      let value = 0;
      for (let i = 0; i < count; i++) value += random.uniform();
      sums.add(value, count);
    }
    const { low, high } = sums.interval ?? { low: 1, high: 0 };
    if (low <= 0.5 && 0.5 <= high) held += 1;
  }
  expect(held / 400).toBeGreaterThan(0.91);
  expect(held / 400).toBeLessThan(0.985);
});

test('nothing is known of one row', () => {
  const sums = new RatioOfSums();
  sums.add(1, 2);
  expect(sums.interval).toBeNull();
});
