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
      const exact = inertia(values, kMeans(values, 2 ** bits, values.length));
      const own = inertia(values, kMeans(values, 2 ** bits, 512));
      expect(own).toBeLessThanOrEqual(1.01 * exact + 1e-9 * spread(values));
    }
  });
});

test('fewer values than entries are entries', () => {
  expect([...kMeans(Float32Array.of(3, 1, 3), 4)]).toEqual([1, 3, 3, 3]);
});

test('codes are of the nearest entry, in the middle of the lower one', () => {
  const values = Float32Array.of(-9, 0.5, 1, 1.01, 9, 2.5);
  expect([...nearestEntries(values, Float32Array.of(0, 2, 3, 3))]).toEqual([0, 0, 0, 1, 3, 1]);
});
