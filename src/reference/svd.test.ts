import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { householderQ, inverseCholesky } from './orthonormal.ts';
import { svd } from './svd.ts';
import { symmetricEigen } from './symmetric-eigen.ts';
import { float32Of, goldenCases } from './testing/golden.ts';

const SHAPES = [
  [1, 1],
  [3, 2],
  [17, 17],
  [64, 9],
  [9, 64],
  [70, 33],
] as const;

function normal(length: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length }, () => random.normal());
}

/** Largest entry of XᵀX − I, [rows, columns]. */
function deviation(x: ArrayLike<number>, rows: number, columns: number): number {
  let worst = 0;
  for (let p = 0; p < columns; p++) {
    for (let q = 0; q <= p; q++) {
      let sum = p === q ? -1 : 0;
      for (let i = 0; i < rows; i++) sum += x[i * columns + p]! * x[i * columns + q]!;
      worst = Math.max(worst, Math.abs(sum));
    }
  }
  return worst;
}

const frobenius = (x: ArrayLike<number>) =>
  Math.sqrt(Array.from(x).reduce((sum, value) => sum + value * value, 0));

/** ‖values − rank-k part‖ / ‖values‖, 0 for a matrix of zeros. */
function truncationError(values: Float32Array, rows: number, columns: number, rank: number) {
  const { u, s, vt } = svd(values, rows, columns);
  const count = s.length;
  const rest = Float64Array.from(values, (value, i) => {
    const row = Math.floor(i / columns);
    let sum = 0;
    for (let k = 0; k < Math.min(rank, count); k++) {
      sum += u[row * count + k]! * s[k]! * vt[k * columns + (i % columns)]!;
    }
    return value - sum;
  });
  return frobenius(values) === 0 ? 0 : frobenius(rest) / frobenius(values);
}

test.each(goldenCases('lowrank', 'svd_'))(
  '$name: singular values and truncation errors',
  ({ params, arrays, expect: { variants = [] } }) => {
    const rows = params['rows'] as number;
    const columns = params['cols'] as number;
    const matrix = float32Of(arrays['matrix']!);
    const wanted = new Float64Array(arrays['singularValues']!.bytes.buffer);
    const { s } = svd(matrix, rows, columns);
    expect(s.length).toBe(wanted.length);
    s.forEach((value, i) => {
      expect(Math.abs(value - wanted[i]!)).toBeLessThanOrEqual(1e-12 * wanted[0]!);
    });
    expect(variants.length).toBeGreaterThan(0);
    for (const { k, relFrobeniusError } of variants) {
      const best = relFrobeniusError as number;
      const own = truncationError(matrix, rows, columns, k as number);
      expect(own).toBeLessThanOrEqual(best * (1 + 1e-4) + 1e-14);
      expect(own).toBeGreaterThanOrEqual(best * (1 - 1e-4) - 1e-14);
    }
  },
);

test.each(SHAPES)('svd of %i × %i has orthonormal factors', (rows, columns) => {
  const { u, s, vt } = svd(normal(rows * columns, 1), rows, columns);
  const count = Math.min(rows, columns);
  expect(deviation(u, rows, count)).toBeLessThan(1e-13);
  const v = Float64Array.from(vt, (_, i) => vt[(i % count) * columns + Math.floor(i / count)]!);
  expect(deviation(v, columns, count)).toBeLessThan(1e-13);
  expect([...s]).toEqual([...s].sort((a, b) => b - a));
});

test.each([1, 2, 3, 17, 60])(
  'eigenvectors of Gram matrices of %i rows, also singular ones',
  (n) => {
    for (const depth of [n, Math.ceil(n / 3), 2 * n]) {
      const x = normal(n * depth, n);
      const gram = new Float64Array(n * n);
      for (let i = 0; i < n * n; i++) {
        for (let k = 0; k < depth; k++) {
          gram[i]! += x[Math.floor(i / n) * depth + k]! * x[(i % n) * depth + k]!;
        }
      }
      const { values, vectors } = symmetricEigen(gram, n);
      const { s } = svd(x, n, depth);
      const tiny = 1e-13 * n * values[0]!;
      values.forEach((value, i) => {
        const wanted = (s[i] ?? 0) ** 2;
        expect(Math.abs(value - wanted)).toBeLessThan(tiny);
        const vector = vectors.subarray(i * n, (i + 1) * n);
        for (let row = 0; row < n; row++) {
          let product = -value * vector[row]!;
          for (let j = 0; j < n; j++) product += gram[row * n + j]! * vector[j]!;
          expect(Math.abs(product)).toBeLessThan(tiny);
        }
      });
      const turned = Float64Array.from(
        vectors,
        (_, i) => vectors[(i % n) * n + Math.floor(i / n)]!,
      );
      expect(deviation(turned, n, n)).toBeLessThan(1e-12);
    }
  },
);

test.each(SHAPES.filter(([rows, columns]) => rows >= columns))(
  'Householder’s Q of %i × %i spans the columns and is orthonormal, whatever they are',
  (rows, columns) => {
    const full = normal(rows * columns, 2);
    const repeated = full.map((_, i) => full[i - (i % columns)]!);
    for (const y of [full, repeated, new Float64Array(rows * columns)]) {
      const q = householderQ(y, rows, columns);
      expect(deviation(q, rows, columns)).toBeLessThan(1e-13);
      const rest = y.slice();
      for (let j = 0; j < columns; j++) {
        for (let p = 0; p < columns; p++) {
          let sum = 0;
          for (let i = 0; i < rows; i++) sum += q[i * columns + p]! * y[i * columns + j]!;
          for (let i = 0; i < rows; i++) rest[i * columns + j]! -= sum * q[i * columns + p]!;
        }
      }
      expect(frobenius(rest)).toBeLessThan(1e-13 * (1 + frobenius(y)));
    }
  },
);

test('the inverse Cholesky factor makes columns orthonormal, or says that they are too near', () => {
  const [rows, columns] = [40, 7];
  const y = normal(rows * columns, 3);
  const gramOf = (values: Float64Array) =>
    Float64Array.from({ length: columns * columns }, (_, at) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        sum +=
          values[i * columns + Math.floor(at / columns)]! * values[i * columns + (at % columns)]!;
      }
      return sum;
    });
  const inverse = inverseCholesky(gramOf(y), columns, 1e-10);
  if (!inverse) throw new Error('independent columns');
  const q = Float64Array.from(y, (_, at) => {
    let sum = 0;
    for (let k = 0; k < columns; k++) {
      sum += y[Math.floor(at / columns) * columns + k]! * inverse[k * columns + (at % columns)]!;
    }
    return sum;
  });
  expect(deviation(q, rows, columns)).toBeLessThan(1e-12);
  const near = y.map((value, at) => (at % columns === 4 ? y[at - 1]! * (1 + 1e-7) : value));
  expect(inverseCholesky(gramOf(near), columns, 1e-10)).toBeNull();
  expect(inverseCholesky(new Float64Array(columns * columns), columns, 0)).toBeNull();
  expect(inverseCholesky(gramOf(y).fill(Number.NaN), columns, 0)).toBeNull();
});
