import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { ascendingOrder, sortedAscending } from './radix-sort.ts';

const random = seededRandom(5);
const CASES: Readonly<Record<string, Float32Array<ArrayBuffer>>> = {
  none: new Float32Array(0),
  one: Float32Array.of(-3),
  'many of each size': Float32Array.from({ length: 4001 }, () => random.normal() ** 9 * 1e-20),
  'many alike': Float32Array.from({ length: 3000 }, () => random.below(7) - 3),
  extremes: Float32Array.of(3.4e38, -3.4e38, 1e-45, -1e-45, 0, -0, 1, -1, 2, -2, 0.5, -0.5),
};

test.each(Object.entries(CASES))('%s: as by comparison', (_, values) => {
  const wanted = [...values].map((x) => x + 0).sort((a, b) => a - b);
  expect([...sortedAscending(values)]).toEqual(wanted);
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]! || a - b);
  expect([...ascendingOrder(values)]).toEqual(order);
});
