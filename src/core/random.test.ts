import { expect, test } from 'vitest';
import { seededRandom } from './random.ts';

/** The generator as published, in bigints, to check the 32-bit arithmetic. */
function referenceSfc32(seed: bigint, length: number): number[] {
  const mask = 0xffffffffn;
  const words: bigint[] = [];
  for (let state = seed, i = 0; i < 2; i++) {
    state = (state + 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & 0xffffffffffffffffn;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & 0xffffffffffffffffn;
    z ^= z >> 31n;
    words.push(z & mask, z >> 32n);
  }
  let [a = 0n, b = 0n, c = 0n, counter = 0n] = words;
  return Array.from({ length }, () => {
    const sum = (a + b + counter++) & mask;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & mask;
    c = (((c << 21n) | (c >> 11n)) + sum) & mask;
    return Number(sum);
  });
}

test.each([0, 1, 7, 2 ** 32, Number.MAX_SAFE_INTEGER])(
  'seed %i gives the published sequence',
  (seed) => {
    const random = seededRandom(seed);
    const drawn = Array.from({ length: 1000 }, () => random.uint32());
    expect(drawn).toEqual(referenceSfc32(BigInt(seed), 1000));
  },
);

test('SplitMix64 seeds as its reference: first output for seed 1234567 is 6457827717110365317', () => {
  const first = 6457827717110365317n;
  const [sum] = referenceSfc32(1234567n, 1);
  const second = 3203168211198807973n;
  expect(sum).toBe(
    Number(((first & 0xffffffffn) + (first >> 32n) + (second >> 32n)) & 0xffffffffn),
  );
});

test('equal seeds agree, neighbouring seeds do not', () => {
  const draw = (seed: number) => seededRandom(seed).uniform();
  expect(draw(5)).toBe(draw(5));
  expect(new Set(Array.from({ length: 1000 }, (_, seed) => draw(seed))).size).toBe(1000);
});

test('moments of 100,000 draws lie within five standard errors', () => {
  const random = seededRandom(3);
  const n = 100_000;
  const uniform = Array.from({ length: n }, () => random.uniform());
  const normal = Array.from({ length: n }, () => random.normal());
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / n;
  expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...uniform)).toBeLessThan(1);
  expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan((5 * Math.sqrt(1 / 12)) / Math.sqrt(n));
  expect(Math.abs(mean(normal))).toBeLessThan(5 / Math.sqrt(n));
  expect(Math.abs(mean(normal.map((z) => z * z)) - 1)).toBeLessThan(
    (5 * Math.SQRT2) / Math.sqrt(n),
  );
});

test('below() reaches every value alike: chi-squared under its 99.99 % quantile', () => {
  const random = seededRandom(4);
  const counts = Array.from({ length: 7 }, () => 0);
  for (let i = 0; i < 70_000; i++) {
    const value = random.below(7);
    counts[value] = (counts[value] ?? 0) + 1;
  }
  const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(chiSquared).toBeLessThan(27.86); // 6 degrees of freedom
});

test('a number below none is a bug, not an endless search', () => {
  for (const limit of [0, -1, Number.NaN, 2 ** 33]) {
    expect(() => seededRandom(1).below(limit)).toThrow('Invariant failed');
  }
});
