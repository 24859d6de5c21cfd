import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { readValues } from './read-values.ts';
import type { WeightSource } from './weight-source.ts';

/** A weight as float32 [N, K], one output channel after the other. @throws the signal's reason */
export async function channelRows(
  source: WeightSource,
  { K, N, transposed }: Pick<QuantizeSpec, 'K' | 'N' | 'transposed'>,
  signal: AbortSignal,
): Promise<Float32Array<ArrayBuffer>> {
  const values = await readValues(source, signal);
  if (transposed) return values;
  const rows = new Float32Array(values.length);
  for (let k = 0, from = 0; k < K; k++) {
    for (let n = 0; n < N; n++, from++) rows[n * K + k] = values[from] as number;
  }
  return rows;
}
