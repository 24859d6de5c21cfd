import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { blockInfluence } from './block-influence.ts';

const random = seededRandom(5);
const normal = (length: number) => Float32Array.from({ length }, () => random.normal());

test('what is only stretched is not influenced, what is turned by a right angle fully, what is reversed twice', () => {
  const x = normal(8 * 16);
  const right = x.map((_, at) => (at % 2 === 0 ? -(x[at + 1] ?? 0) : (x[at - 1] ?? 0)));
  expect(
    blockInfluence(
      x,
      x.map((it) => 3 * it),
      16,
    ),
  ).toBeCloseTo(0, 6);
  expect(blockInfluence(x, right, 16)).toBeCloseTo(1, 6);
  expect(
    blockInfluence(
      x,
      x.map((it) => -it),
      16,
    ),
  ).toBeCloseTo(2, 6);
});

test('every vector counts alike, whatever its length', () => {
  const x = Float32Array.of(1, 0, 1000, 0);
  const y = Float32Array.of(0, 1, 1000, 0);
  expect(blockInfluence(x, y, 2)).toBeCloseTo(0.5, 6);
});

test('vectors of zeros count as turned', () => {
  expect(blockInfluence(new Float32Array(4), Float32Array.of(1, 2, 3, 4), 2)).toBe(1);
});
