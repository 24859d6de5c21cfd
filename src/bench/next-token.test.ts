import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { chooseToken, nextLogits, topShares } from './next-token.ts';

const logits = Float32Array.from([1, 3, 3, -2, 0]);

test('the likeliest come first, the first among equals, with what else is asked for', () => {
  const shares = topShares(logits, 2, [4]);
  expect(shares.map(({ index }) => index)).toEqual([1, 2, 4]);
  const sum = [...logits].reduce((total, value) => total + Math.exp(value), 0);
  expect(shares[0]?.share).toBeCloseTo(Math.exp(3) / sum, 10);
  expect(topShares(logits, 9).map(({ index }) => index)).toEqual([1, 2, 0, 4, 3]);
});

test('shares of random logits agree with sorting all of them', () => {
  const random = seededRandom(5);
  for (let round = 0; round < 50; round++) {
    const values = Float32Array.from({ length: 1 + random.below(40) }, () => random.below(9));
    const sorted = [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
    expect(topShares(values, 7).map(({ index }) => index)).toEqual(sorted.slice(0, 7));
  }
});

test('without numbers there is no share and no token', () => {
  const broken = Float32Array.from([1, Number.NaN]);
  expect(topShares(broken, 1)[0]?.share).toBeNaN();
  expect(chooseToken(broken, null, 0.5)).toBeNull();
});

test('the likeliest token is taken, or one of the top k by its share', () => {
  expect(chooseToken(logits, null, 0.99)).toBe(1);
  const counts = new Map<number | null, number>();
  const random = seededRandom(1);
  for (let draw = 0; draw < 3000; draw++) {
    const token = chooseToken(logits, 3, random.uniform());
    counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual([0, 1, 2]);
  // e³ of 2·e³ + e: 0.4683, within five standard deviations of 3,000 draws
  expect((counts.get(1) ?? 0) / 3000).toBeCloseTo(0.468, 1);
  expect((counts.get(0) ?? 0) / 3000).toBeLessThan(0.12);
});

test('logits are those after the last token that was read', () => {
  const data = Float32Array.from([0, 1, 2, 3, 4, 5]);
  const outputs = { logits: { dtype: 'float32', dims: [1, 3, 2], data } };
  expect([...(nextLogits(outputs, 'logits', 1) ?? [])]).toEqual([2, 3]);
  const last = { logits: { dtype: 'float32', dims: [1, 1, 2], data: data.slice(4) } };
  expect([...(nextLogits(last, 'logits', 7) ?? [])]).toEqual([4, 5]);
  expect(nextLogits(outputs, 'other', 0)).toBeNull();
});
