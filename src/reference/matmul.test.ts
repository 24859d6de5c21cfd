import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { matmul, matmulBound } from './matmul.ts';

const random = seededRandom(1);
const matrix = (length: number) => Float32Array.from({ length }, () => random.normal());

function turn(values: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}

test.each([
  [1, 1, 1],
  [3, 17, 5],
  [17, 3, 129],
])('%i × %i over %i: every transposition gives the same bits, near float64', (M, N, K) => {
  const shape = { M, N, K };
  const a = matrix(M * K);
  const b = matrix(K * N);
  const straight = matmul(a, b, shape, 'NN');
  expect(matmul(a, turn(b, K, N), shape, 'NT')).toEqual(straight);
  expect(matmul(turn(a, M, K), b, shape, 'TN')).toEqual(straight);
  const { exact, bound } = matmulBound(a, b, shape, 'NN');
  expect(straight.every((value, i) => Math.abs(value - exact[i]!) <= bound[i]!)).toBe(true);
  const twice = matmul(a, b, shape, 'NN', straight);
  expect(twice.every((value, i) => Math.abs(value - 2 * exact[i]!) <= 3 * bound[i]!)).toBe(true);
});
