import { householderQ, inverseCholesky } from '../reference/orthonormal.ts';
import type { Matrix, MatrixDevice } from './matrix-device.ts';

/**
 * A float32 Gram matrix is off by some 2⁻²⁰ of its diagonal. At this squared sine one round leaves
 * columns orthonormal to about 1 %, which the second round mends.
 */
const TOO_NEAR = 1e-4;
const FIRST_ROUND_DEVIATION = 0.1;

/**
 * An orthonormal basis of the columns of `y`, float32 [rows, columns], rows ≥ columns: two rounds of
 * Cholesky QR with products on the device and the factor in float64; Householder's QR in float64 on
 * this thread where columns depend on each other too much for that. Disposes of `y`.
 * @see https://doi.org/10.1109/ScalA.2014.11 (Fukaya et al., CholeskyQR2)
 */
export async function orthonormalize<M extends Matrix>(
  device: MatrixDevice<M>,
  y: M,
  signal: AbortSignal,
): Promise<M> {
  const first = await choleskyRound(device, y, signal, Number.POSITIVE_INFINITY);
  if (first) {
    const second = await choleskyRound(device, first, signal, FIRST_ROUND_DEVIATION);
    first[Symbol.dispose]();
    if (second) {
      y[Symbol.dispose]();
      return second;
    }
  }
  const { rows, columns } = y;
  const values = await device.download(y);
  y[Symbol.dispose]();
  signal.throwIfAborted();
  return device.upload(new Float32Array(householderQ(values, rows, columns)), rows, columns);
}

/** y R⁻¹ with RᵀR = yᵀy; null if yᵀy is no sound Gram matrix, or farther from 1 than `deviation`. */
async function choleskyRound<M extends Matrix>(
  device: MatrixDevice<M>,
  y: M,
  signal: AbortSignal,
  deviation: number,
): Promise<M | null> {
  const n = y.columns;
  using gram = await device.multiply({ a: y, b: y, transposition: 'TN' }, signal);
  const values = await device.download(gram);
  const isFar = values.some(
    (value, i) => Math.abs(value - (i % (n + 1) === 0 ? 1 : 0)) > deviation,
  );
  const inverse = isFar ? null : inverseCholesky(values, n, TOO_NEAR);
  if (!inverse) return null;
  using factor = device.upload(new Float32Array(inverse), n, n);
  return await device.multiply({ a: y, b: factor, transposition: 'NN' }, signal);
}
