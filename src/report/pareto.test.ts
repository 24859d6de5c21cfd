import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { type ParetoAxes, type ParetoPoint, paretoFront } from './pareto.ts';

const AXES = ['low', 'high'].flatMap((xBetter) =>
  ['low', 'high'].map((yBetter) => ({ xBetter, yBetter }) as ParetoAxes),
);

/** The definition, pair by pair. */
function undominated(points: readonly ParetoPoint[], { xBetter, yBetter }: ParetoAxes): string[] {
  const gain = (better: 'low' | 'high', a: number, b: number) => (better === 'low' ? b - a : a - b);
  return points
    .filter(
      (point) =>
        !points.some((other) => {
          const x = gain(xBetter, other.x, point.x);
          const y = gain(yBetter, other.y, point.y);
          return x >= 0 && y >= 0 && x + y > 0;
        }),
    )
    .map(({ id }) => id);
}

test.each(AXES)('agrees with the definition, x $xBetter and y $yBetter', (axes) => {
  const random = seededRandom(5);
  for (let i = 0; i < 300; i++) {
    const points = Array.from({ length: random.below(12) }, (_, id) => ({
      id: String(id),
      x: random.below(6),
      y: random.below(6),
    }));
    const front = paretoFront(points, axes);
    expect([...front].sort()).toEqual(undominated(points, axes).sort());
    const xs = front.map((id) => points[Number(id)]?.x ?? 0);
    const sorted = [...xs].sort((a, b) => (axes.xBetter === 'low' ? a - b : b - a));
    expect(xs).toEqual(sorted);
  }
});

test('points that lack a figure take no part', () => {
  const points = [
    { id: 'a', x: Number.NaN, y: 1 },
    { id: 'b', x: 1, y: Number.POSITIVE_INFINITY },
    { id: 'c', x: 2, y: 0.5 },
  ];
  expect(paretoFront(points, { xBetter: 'low', yBetter: 'high' })).toEqual(['c']);
});
