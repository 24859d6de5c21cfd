/**
 * A low-rank correction of what storing a weight in few bits does to it: A · B for the error E = W − Ŵ,
 * by the error at the layer's output where its inputs are known.
 * @see https://arxiv.org/abs/2402.02446 (LQER)
 */
import type { Weights } from './factorize.ts';
import type { Matrix, MatrixDevice } from './matrix-device.ts';
import { energyOf } from './search-rank.ts';
import { weighted } from './weighted-matrix.ts';

type Values = Float32Array<ArrayBuffer>;

interface Shape {
  readonly rows: number;
  readonly columns: number;
}

/**
 * E − first · second.
 * - `e`      — float32 [rows, columns]
 * - `first`  — float32 [rows, rank]; `second` — float32 [rank, columns]
 * @throws too-large, out-of-memory, device-lost, gpu-failed; the signal's reason when it aborts
 */
export async function leftover<M extends Matrix>(
  device: MatrixDevice<M>,
  e: Values,
  first: Values,
  second: Values,
  { rows, columns }: Shape,
  signal: AbortSignal,
): Promise<Values> {
  const rank = first.length / rows;
  using whole = device.upload(e, rows, columns);
  const negated = first.map((value) => -value);
  using left = device.upload(negated, rows, rank);
  using right = device.upload(second, rank, columns);
  const product = { a: left, b: right, transposition: 'NN', addTo: whole } as const;
  using rest = await device.multiply(product, signal);
  return device.download(rest);
}

/** The layer's own error: ‖E S‖², or ‖E‖² where its inputs are not known. @throws as `leftover` */
export async function outputError<M extends Matrix>(
  device: MatrixDevice<M>,
  e: Values,
  shape: Shape,
  weights: Weights | null,
  signal: AbortSignal,
): Promise<number> {
  if (!weights) return energyOf(e);
  return energyOf(await weighted(device, e, shape, weights.axis, weights.judge, signal));
}
