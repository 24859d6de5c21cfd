/**
 * Whitening by a Gram matrix G in float64: L with L Lᵀ = G, so that ‖E L‖² = tr(E G Eᵀ) and the best
 * low-rank part of W L, times L⁻¹, is the best one of W for inputs with this Gram matrix.
 * @see https://arxiv.org/abs/2403.07378 (SVD-LLM)
 */
import { assert } from '../core/assert.ts';

export interface Whitening {
  /** float64 [n, n], lower triangular, positive diagonal. */
  readonly lower: Float64Array;
  /** What was added to each G[i, i], as a share of it (for a dead input: of their mean); 0: nothing. */
  readonly shift: number;
}

/** A pivot that is left of less than this share of its diagonal is rounding. */
const TOO_NEAR = 1e-11;
/** About the rounding of a Gram matrix summed in float32. */
const FIRST_SHIFT = 1e-7;

/**
 * The Cholesky factor of G, or where G is no sound positive definite matrix of G + shift · diag G, the
 * shift from 1e-7 on ten times as large until it is. Relative to each input's own energy, so that
 * inputs of any scale keep their say. An input that was always 0 has the mean energy in the shift.
 * - `gram` — [n, n], symmetric, finite; some diagonal entry is positive
 */
export function whiten(gram: ArrayLike<number>, n: number): Whitening {
  assert(gram.length === n * n, `${n} × ${n} entries`);
  let trace = 0;
  for (let i = 0; i < n; i++) trace += gram[i * n + i]!;
  assert(trace > 0 && Number.isFinite(trace), 'some input has energy');
  const lower = new Float64Array(n * n);
  for (let shift = 0; ; shift = shift === 0 ? FIRST_SHIFT : shift * 10) {
    assert(shift <= 1e6, 'a matrix of mostly diagonal is positive definite');
    if (cholesky(gram, n, shift, trace / n, lower)) return { lower, shift };
  }
}

/** False if a pivot is too near 0. Rows of L run along memory. */
function cholesky(
  gram: ArrayLike<number>,
  n: number,
  shift: number,
  mean: number,
  lower: Float64Array,
): boolean {
  for (let i = 0; i < n; i++) {
    const row = lower.subarray(i * n, i * n + i + 1);
    for (let j = 0; j < i; j++) {
      const other = lower.subarray(j * n, j * n + j + 1);
      row[j] = (gram[i * n + j]! - dot(row, other, j)) / other[j]!;
    }
    const own = gram[i * n + i]!;
    const shifted = own > 0 ? own * (1 + shift) : mean * shift;
    const pivot = shifted - dot(row, row, i);
    if (!(pivot > TOO_NEAR * shifted)) return false;
    row[i] = Math.sqrt(pivot);
  }
  return true;
}

/** Four sums, so that one addition need not wait for the other. */
function dot(a: Float64Array, b: Float64Array, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s0 += a[k]! * b[k]!;
    s1 += a[k + 1]! * b[k + 1]!;
    s2 += a[k + 2]! * b[k + 2]!;
    s3 += a[k + 3]! * b[k + 3]!;
  }
  for (; k < length; k++) s0 += a[k]! * b[k]!;
  return s0 + s1 + (s2 + s3);
}

/**
 * Y with Y L = B, row by row from the last column on.
 * - `b` — [rows, n]; not changed
 */
export function solveRight(
  b: ArrayLike<number>,
  lower: Float64Array,
  rows: number,
  n: number,
): Float64Array {
  const y = Float64Array.from(b);
  for (let row = 0; row < rows; row++) {
    const own = y.subarray(row * n, (row + 1) * n);
    for (let i = n - 1; i >= 0; i--) {
      const value = own[i]! / lower[i * n + i]!;
      own[i] = value;
      for (let j = 0, at = i * n; j < i; j++, at++) own[j]! -= value * lower[at]!;
    }
  }
  return y;
}
