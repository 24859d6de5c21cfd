/**
 * The factor that error feedback walks along: H + λI = (Ů + I) D (Ů + I)ᵀ with Ů strictly upper
 * and D diagonal. It is the Cholesky factor of H with its rows and columns in reversed order, so
 * the inverse that GPTQ's papers factorize is never formed: their U = chol((H + λI)⁻¹)ᵀ has
 * U[k, k]² = 1 / D[k] and U[j, k] / U[j, j] = ((Ů + I)⁻¹)[j, k].
 * float64 in tiles of 4 × 4, K³ / 3 operations; all loops run along rows.
 * @see https://arxiv.org/abs/2307.13304 (QuIP, theorem 6: GPTQ and this feedback are the same)
 */
import { assert } from '../core/assert.ts';

export interface UpperFactor {
  readonly K: number;
  /** float32 [K, K]: Ů, in the order that was asked for; zeros on and below the diagonal. */
  readonly upper: Float32Array<ArrayBuffer>;
  /** D, positive. */
  readonly diagonal: Float64Array<ArrayBuffer>;
}

export interface FactorTask {
  readonly K: number;
  /** Symmetric [K, K]; finite. */
  readonly gram: Float32Array | Float64Array;
  /** λ of each column as it lies, > 0 wherever H has no positive pivot of its own. */
  readonly shift: Float64Array;
  /** Columns in the order in which they are walked. */
  readonly order: Uint32Array;
}

const TILE = 4;

/**
 * Yields what is done, as a share, some milliseconds apart; returns null if a pivot is not
 * positive: the shift is too small for this matrix.
 */
export function* upperFactor(task: FactorTask): Generator<number, UpperFactor | null> {
  const { K } = task;
  assert(task.gram.length === K * K && task.order.length === K, `${K} × ${K} entries`);
  const side = TILE * Math.ceil(K / TILE);
  const a = reversed(task, side);
  for (let i = 0; i < side; i += TILE) {
    for (let j = 0; j <= i; j += TILE) {
      if (!factorTile(a, side, i, j)) return null;
    }
    yield ((i + TILE) / side) ** 3;
  }
  return turned(a, side, K);
}

/** The lower half of H + λI in reversed order, filled up with the identity. */
function reversed({ K, gram, shift, order }: FactorTask, side: number): Float64Array {
  const a = new Float64Array(side * side);
  for (let i = 0; i < K; i++) {
    const row = order[K - 1 - i]!;
    for (let j = 0; j <= i; j++) a[i * side + j] = gram[row * K + order[K - 1 - j]!]!;
    a[i * side + i]! += shift[row]!;
  }
  for (let i = K; i < side; i++) a[i * side + i] = 1;
  return a;
}

/** Rows i … i + 3 of columns j … j + 3 of the lower Cholesky factor, over `a` itself. */
function factorTile(a: Float64Array, side: number, i: number, j: number): boolean {
  const sums = tileProducts(a, side, i * side, j * side, j);
  for (let r = 0; r < TILE; r++) {
    const row = (i + r) * side + j;
    for (let c = 0; c < (i === j ? r + 1 : TILE); c++) {
      const other = (j + c) * side + j;
      let value = a[row + c]! - sums[TILE * r + c]!;
      for (let d = 0; d < c; d++) value -= a[row + d]! * a[other + d]!;
      if (i === j && r === c) {
        if (!(value > 0)) return false;
        a[row + c] = Math.sqrt(value);
      } else {
        a[row + c] = value / a[other + c]!;
      }
    }
  }
  return true;
}

const SUMS = new Float64Array(TILE * TILE);

/** The products of four rows from `p` on with four from `q` on, over `count` columns. */
function tileProducts(a: Float64Array, side: number, p: number, q: number, count: number) {
  const [p1, p2, p3] = [p + side, p + 2 * side, p + 3 * side];
  const [q1, q2, q3] = [q + side, q + 2 * side, q + 3 * side];
  let [s00, s01, s02, s03] = [0, 0, 0, 0];
  let [s10, s11, s12, s13] = [0, 0, 0, 0];
  let [s20, s21, s22, s23] = [0, 0, 0, 0];
  let [s30, s31, s32, s33] = [0, 0, 0, 0];
  for (let k = 0; k < count; k++) {
    const y0 = a[q + k]!;
    const y1 = a[q1 + k]!;
    const y2 = a[q2 + k]!;
    const y3 = a[q3 + k]!;
    const x0 = a[p + k]!;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    const x1 = a[p1 + k]!;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
    const x2 = a[p2 + k]!;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
    s23 += x2 * y3;
    const x3 = a[p3 + k]!;
    s30 += x3 * y0;
    s31 += x3 * y1;
    s32 += x3 * y2;
    s33 += x3 * y3;
  }
  SUMS.set([s00, s01, s02, s03, s10, s11, s12, s13, s20, s21, s22, s23, s30, s31, s32, s33]);
  return SUMS;
}

/** From the lower factor L of the reversed matrix: Ů[j, k] = L[K-1-j, K-1-k] / L[K-1-k, K-1-k]. */
function turned(a: Float64Array, side: number, K: number): UpperFactor {
  const upper = new Float32Array(K * K);
  const diagonal = new Float64Array(K);
  const inverse = new Float64Array(K);
  for (let k = 0; k < K; k++) {
    const root = a[(K - 1 - k) * (side + 1)]!;
    diagonal[k] = root * root;
    inverse[k] = 1 / root;
  }
  for (let j = 0; j < K; j++) {
    const from = (K - 1 - j) * side + K - 1;
    for (let k = j + 1; k < K; k++) upper[j * K + k] = a[from - k]! * inverse[k]!;
  }
  return { K, upper, diagonal };
}
