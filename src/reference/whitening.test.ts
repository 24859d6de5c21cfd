import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { svd } from './svd.ts';
import { gramOf, relativeOutputError } from './testing/output-error.ts';
import { weightedLayers } from './testing/weighted-layers.ts';
import { solveRight, whiten } from './whitening.ts';

/** The first `rank` components of [rows, columns]. */
function truncated(values: ArrayLike<number>, rows: number, columns: number, rank: number) {
  const { u, s, vt } = svd(values, rows, columns);
  const width = s.length;
  return Float64Array.from({ length: rows * columns }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < rank; k++) {
      sum += u[Math.floor(at / columns) * width + k]! * s[k]! * vt[k * columns + (at % columns)]!;
    }
    return sum;
  });
}

const times = (a: ArrayLike<number>, b: Float64Array, n: number) =>
  Float64Array.from(a, (_, at) => {
    const row = Math.floor(at / n) * n;
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[row + k]! * b[k * n + (at % n)]!;
    return sum;
  });

test.each(weightedLayers())(
  '$name: plain, ASVD and SVD-LLM errors of every rank',
  ({ N, K, w, gram, sums, wasShifted, variants }) => {
    const scales = sums.sumAbs.map((sum) => Math.sqrt(sum / sums.count) + 1e-6);
    const { lower, shift } = whiten(gram, K);
    expect(shift > 0).toBe(wasShifted);
    expect(variants.length).toBe(4);
    for (const { rank, optimum, svd: plainError, asvd: asvdError } of variants) {
      const error = (kept: ArrayLike<number>) => relativeOutputError(w, kept, gram, N, K);
      const plain = error(truncated(w, N, K, rank));
      expect(Math.abs(plain / plainError - 1)).toBeLessThan(1e-3);
      const scaled = truncated(
        w.map((value, at) => value * scales[at % K]!),
        N,
        K,
        rank,
      );
      const asvd = error(scaled.map((value, at) => value / scales[at % K]!));
      expect(Math.abs(asvd / asvdError - 1)).toBeLessThan(1e-3);
      const whitened = solveRight(truncated(times(w, lower, K), N, K, rank), lower, N, K);
      expect(error(whitened)).toBeLessThanOrEqual(1.01 * optimum + 1e-7);
      expect(error(whitened)).toBeGreaterThanOrEqual(0.999 * optimum);
    }
  },
);

test('the factor is that of the matrix, and of a singular one with a shift', () => {
  const [n, depth] = [37, 20];
  const random = seededRandom(4);
  const x = Float32Array.from({ length: depth * n }, (_, at) =>
    at % n === 5 ? 0 : random.normal(),
  );
  const singular = gramOf(x, depth, n);
  const { lower, shift } = whiten(singular, n);
  expect(shift).toBe(1e-7);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += lower[i * n + k]! * lower[j * n + k]!;
      const near = i === j ? 1e-6 * depth : 1e-12 * depth;
      expect(Math.abs(sum - singular[i * n + j]!)).toBeLessThan(near);
    }
  }
  const definite = singular.map((value, at) => value + (at % (n + 1) === 0 ? 1 : 0));
  expect(whiten(definite, n).shift).toBe(0);
});

test('solving from the right undoes the product', () => {
  const [n, rows] = [23, 4];
  const random = seededRandom(9);
  const lower = Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    if (i === j) return 1 + random.uniform();
    return i > j ? random.normal() / n : 0;
  });
  const y = Float64Array.from({ length: rows * n }, () => random.normal());
  const found = solveRight(times(y, lower, n), lower, rows, n);
  found.forEach((value, at) => {
    expect(value).toBeCloseTo(y[at]!, 10);
  });
});
