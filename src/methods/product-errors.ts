import type { ErrorStatistics } from '../core/quantize-spec.ts';
import { errorsOf } from './errors.ts';
import type { Matrix, MatrixDevice } from './matrix-device.ts';

/**
 * Of W against first · second, as they are stored.
 * - `w`      — float32 [rows, columns]
 * - `first`  — float32 [rows, rank]
 * - `second` — float32 [rank, columns]
 * @throws too-large, out-of-memory, device-lost, gpu-failed; the signal's reason when it aborts
 */
export async function productErrors<M extends Matrix>(
  device: MatrixDevice<M>,
  w: Float32Array<ArrayBuffer>,
  first: Float32Array<ArrayBuffer>,
  second: Float32Array<ArrayBuffer>,
  { rows, columns, rank }: Record<'rows' | 'columns' | 'rank', number>,
  signal: AbortSignal,
): Promise<ErrorStatistics> {
  using whole = device.upload(w, rows, columns);
  const negated = first.map((value) => -value);
  using left = device.upload(negated, rows, rank);
  using right = device.upload(second, rank, columns);
  const product = { a: left, b: right, transposition: 'NN', addTo: whole } as const;
  using rest = await device.multiply(product, signal);
  return errorsOf(w, await device.download(rest));
}
