import { describe, expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { kMeans } from './k-means.ts';
import { nearestEntries } from './nearest-entries.ts';
import { float32Of, goldenCases } from './testing/golden.ts';

/** Sum of squared distances to the nearest centroid. */
function inertia(values: Float32Array, centroids: Float64Array): number {
  return values.reduce((total, value) => {
    const distances = Array.from(centroids, (centroid) => (value - centroid) ** 2);
    return total + Math.min(...distances);
  }, 0);
}

function spread(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

const variants = goldenCases('palette', '').flatMap(({ name, arrays, expect: { variants = [] } }) =>
  variants.map((variant) => ({ name, arrays, variant })),
);

test.each(variants)('$name: $variant.bits bit as near as the optimum', ({ arrays, variant }) => {
  const values = float32Of(arrays['x']!);
  const centroids = kMeans(values, 2 ** (variant['bits'] as number));
  expect([...centroids]).toEqual([...centroids].sort((a, b) => a - b));
  const most = 1.01 * (variant['optimalInertia'] as number) + 1e-9 * spread(values);
  expect(inertia(values, centroids)).toBeLessThanOrEqual(most);
});

describe('more distinct values than points', () => {
  const random = seededRandom(8);
  const draw: Readonly<Record<string, () => number>> = {
    normal: () => random.normal(),
    'far from zero': () => 1 + random.normal() * 1e-4,
    'long tails': () => random.normal() ** 5,
    'one outlier': () => random.normal() + (random.below(4000) === 0 ? 300 : 0),
  };
  test.each(Object.entries(draw))('%s: within 1 % of every value a point', (_, next) => {
    const values = Float32Array.from({ length: 5000 }, next);
    for (const bits of [1, 3, 6]) {
      const exact = inertia(values, kMeans(values, 2 ** bits, { points: values.length }));
      const own = inertia(values, kMeans(values, 2 ** bits, { points: 512 }));
      expect(own).toBeLessThanOrEqual(1.01 * exact + 1e-9 * spread(values));
    }
  });
});

describe('weights', () => {
  const random = seededRandom(12);
  const [few, many] = [40, 5000].map((length) =>
    Float32Array.from({ length }, (_, i) =>
      i % 9 === 0 ? -random.normal() : random.normal() ** 3,
    ),
  ) as [Float32Array, Float32Array];
  const whole = (values: Float32Array) =>
    Float64Array.from(values, (_, i) => 1 + ((i * 7) % 5) + (i % 11 === 0 ? 30 : 0));
  /** Each value as often as it counts. */
  const repeated = (values: Float32Array, weights: Float64Array) =>
    Float32Array.from([...values].flatMap((x, i) => Array<number>(weights[i] ?? 0).fill(x)));

  test.each([
    [2, few],
    [8, few],
    [16, many],
  ])('a value that counts n times is as n values: %i entries', (k, values) => {
    const weights = whole(values);
    const own = kMeans(values, k, { weights, points: values.length });
    const each = repeated(values, weights);
    const alike = kMeans(each, k, { points: each.length });
    own.forEach((entry, i) => {
      expect(entry).toBeCloseTo(alike[i] ?? Number.NaN, 10);
    });
  });

  test.each([1, 3, 6])('%i bits of many values: within 1 %% of every value a point', (bits) => {
    const weights = whole(many);
    const each = repeated(many, weights);
    const exact = inertia(each, kMeans(many, 2 ** bits, { weights, points: many.length }));
    const own = inertia(each, kMeans(many, 2 ** bits, { weights, points: 512 }));
    expect(own).toBeLessThanOrEqual(1.01 * exact + 1e-9 * spread(each));
    expect(exact).toBeLessThan(inertia(each, kMeans(many, 2 ** bits)));
  });

  test('that are alike change nothing', () => {
    const weights = new Float64Array(many.length).fill(2);
    const [own, none] = [kMeans(many, 16, { weights }), kMeans(many, 16)];
    own.forEach((entry, i) => {
      expect(entry).toBeCloseTo(none[i] ?? Number.NaN, 12);
    });
  });
});

test('fewer values than entries are entries', () => {
  expect([...kMeans(Float32Array.of(3, 1, 3), 4)]).toEqual([1, 3, 3, 3]);
});

test('codes are of the nearest entry, in the middle of the lower one', () => {
  const values = Float32Array.of(-9, 0.5, 1, 1.01, 9, 2.5);
  expect([...nearestEntries(values, Float32Array.of(0, 2, 3, 3))]).toEqual([0, 0, 0, 1, 3, 1]);
});
