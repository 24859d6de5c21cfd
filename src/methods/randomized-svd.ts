/**
 * Truncated SVD by random projection. The basis of a range is found by multiplying with a random
 * matrix and sharpened by power iterations, re-orthonormalized at each half; what remains is a small
 * symmetric eigenproblem in float64. Within 1 % of the best error (measured on the goldens); the
 * same seed gives the same factors on the same device.
 * @see https://arxiv.org/abs/0909.4061 (Halko, Martinsson & Tropp)
 */
import { seededRandom } from '../core/random.ts';
import { symmetricEigen } from '../reference/symmetric-eigen.ts';
import type { Matrix, MatrixDevice } from './matrix-device.ts';
import { orthonormalize } from './orthonormalize.ts';

export interface SketchOptions {
  /** An integer from 0 to 2⁵³ − 1. */
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Columns of the projection beyond the rank. */
  readonly oversampling?: number;
  readonly powerIterations?: number;
}

/** W ≈ left · right: the best of every rank is the first columns and rows. */
export interface Sketch {
  readonly width: number;
  /** float32 [rows, width], orthonormal columns, or 0 where `energies` is. */
  readonly left: Float32Array<ArrayBuffer>;
  /** float32 [width, columns], leftᵀ W: orthogonal rows, longest first. */
  readonly right: Float32Array<ArrayBuffer>;
  /** Squared singular values of left · right, descending. */
  readonly energies: Float64Array;
}

/**
 * The leading part of W.
 * - `w`    — float32 [rows, columns], on `device`
 * - `rank` — of interest; the sketch is wider by the oversampling, at most min(rows, columns)
 * @throws device-lost, out-of-memory, too-large, gpu-failed; the signal's reason when it aborts
 */
export async function sketch<M extends Matrix>(
  device: MatrixDevice<M>,
  w: M,
  rank: number,
  { seed, signal, oversampling = 10, powerIterations = 2 }: SketchOptions,
): Promise<Sketch> {
  const width = Math.min(rank + oversampling, w.rows, w.columns);
  const random = seededRandom(seed);
  // Uniform numbers rather than normal ones: no function of theirs is rounded as each engine likes.
  const start = Float32Array.from({ length: w.columns * width }, () => 2 * random.uniform() - 1);
  const times = (a: M, b: M, transposition: 'NN' | 'TN') =>
    device.multiply({ a, b, transposition }, signal);

  let basis: M;
  {
    using omega = device.upload(start, w.columns, width);
    basis = await orthonormalize(device, await times(w, omega, 'NN'), signal);
  }
  for (let turn = 0; turn < powerIterations; turn++) {
    using own = basis;
    using across = await orthonormalize(device, await times(w, own, 'TN'), signal);
    basis = await orthonormalize(device, await times(w, across, 'NN'), signal);
  }

  using range = basis;
  using projected = await times(range, w, 'TN');
  const { values, vectors } = symmetricEigen(
    gramOfRows(await device.download(projected), width, w.columns),
    width,
  );
  signal.throwIfAborted();
  // Rows of `vectors` are the left singular vectors of the projection.
  using turned = device.upload(new Float32Array(vectors), width, width);
  using right = await times(turned, projected, 'NN');
  using left = await device.multiply({ a: range, b: turned, transposition: 'NT' }, signal);
  return {
    width,
    left: await device.download(left),
    right: await device.download(right),
    energies: values.map((value) => Math.max(value, 0)),
  };
}

/** X Xᵀ in float64, since squaring halves the digits. */
export function gramOfRows(x: Float32Array, rows: number, columns: number): Float64Array {
  const gram = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    const p = x.subarray(i * columns, (i + 1) * columns);
    for (let j = 0; j <= i; j++) {
      const q = x.subarray(j * columns, (j + 1) * columns);
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += (p[k] as number) * (q[k] as number);
      gram[i * rows + j] = sum;
      gram[j * rows + i] = sum;
    }
  }
  return gram;
}
