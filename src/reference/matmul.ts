import { assert } from '../core/assert.ts';
import type { MatmulShape, Transposition } from '../core/transposition.ts';

const f = Math.fround;

/**
 * CPU definition of `shaders/matmul-*.wgsl`, with dense rows: float32 products added in the order
 * of K to one float32. A device may fuse a product and its addition; see `matmulBound`.
 * - `c` — float32 [M, N] to add to; by default zeros
 */
export function matmul(
  a: Float32Array,
  b: Float32Array,
  shape: MatmulShape,
  transposition: Transposition,
  c = new Float32Array(shape.M * shape.N),
): Float32Array<ArrayBuffer> {
  const { M, N, K } = shape;
  assert(a.length === M * K && b.length === K * N && c.length === M * N, 'whole matrices');
  const sums = c.slice();
  for (let m = 0; m < M; m++) {
    const row = sums.subarray(m * N, (m + 1) * N);
    if (transposition === 'NT') {
      for (let n = 0; n < N; n++) {
        let sum = row[n]!;
        for (let k = 0; k < K; k++) sum = f(sum + f(a[m * K + k]! * b[n * K + k]!));
        row[n] = sum;
      }
      continue;
    }
    for (let k = 0; k < K; k++) {
      const factor = transposition === 'TN' ? a[k * M + m]! : a[m * K + k]!;
      for (let n = 0; n < N; n++) row[n] = f(row[n]! + f(factor * b[k * N + n]!));
    }
  }
  return sums;
}

/** The same in float64, and how far float32 may be from it: K · 2⁻²⁴ · Σ|aₖ bₖ| to first order. */
export function matmulBound(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { M, N, K }: MatmulShape,
  transposition: Transposition,
): { readonly exact: Float64Array; readonly bound: Float64Array } {
  const exact = new Float64Array(M * N);
  const bound = new Float64Array(M * N);
  for (let m = 0; m < M; m++) {
    for (let n = 0; n < N; n++) {
      for (let k = 0; k < K; k++) {
        const left = transposition === 'TN' ? a[k * M + m]! : a[m * K + k]!;
        const right = transposition === 'NT' ? b[n * K + k]! : b[k * N + n]!;
        exact[m * N + n]! += left * right;
        bound[m * N + n]! += Math.abs(left * right);
      }
      bound[m * N + n]! *= (K + 1) * 2 ** -24;
    }
  }
  return { exact, bound };
}
