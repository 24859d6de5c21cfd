/** Rounding after AWQ's scales: values come scaled already; blocks may be cut first. */
import { allFinite } from '../core/all-finite.ts';
import type { Quantized, QuantizeSpec } from '../core/quantize-spec.ts';
import type { InputStatistics } from '../model/statistics.ts';
import type { AwqDevice } from './awq-device.ts';
import { channelRows } from './channel-rows.ts';
import { memorySource } from './read-values.ts';
import { roundingErrors } from './rounded-rows.ts';
import { rowChunks } from './row-chunks.ts';
import type { WeightSource } from './weight-source.ts';

export interface AwqContext {
  readonly executor: { readonly awq: AwqDevice };
  readonly statistics: InputStatistics | null;
  readonly signal: AbortSignal;
}

/**
 * `statistics` of `context` — of the inputs divided by the scales
 * @throws as `round` and `AwqDevice`; the signal's reason
 */
export async function quantizeAwq(
  clip: boolean,
  source: WeightSource,
  spec: QuantizeSpec,
  { executor: { awq }, statistics, signal }: AwqContext,
  round: (source: WeightSource, spec: QuantizeSpec) => Promise<Quantized>,
): Promise<{ readonly quantized: Quantized; readonly note: string | null }> {
  const gram = statistics?.gram;
  if (!clip || !gram) return { quantized: await round(source, spec), note: null };
  if (!allFinite(gram)) {
    return { quantized: await round(source, spec), note: NOT_FINITE };
  }
  const values = await channelRows(source, spec, signal);
  if (!allFinite(values)) return { quantized: await round(source, spec), note: null };
  const clipped = values.slice();
  await awq.clip(clipped, spec, gram, signal);
  using errors = await awq.layerErrors(gram, spec.K);
  const errorOf = async (given: Float32Array): Promise<number> => {
    let sum = 0;
    for (const [start, end] of rowChunks(values.length, spec.K)) {
      const part = [start, end] as const;
      const rows = roundingErrors(given.subarray(...part), values.subarray(...part), spec);
      sum += await errors.of(rows, signal);
    }
    return sum;
  };
  // Each block is better by itself; together they may not be.
  if (!((await errorOf(clipped)) < (await errorOf(values)))) {
    return { quantized: await round(source, spec), note: UNCLIPPED };
  }
  const { K, N } = spec;
  const cut = memorySource(source.name, clipped, [N, K]);
  return { quantized: await round(cut, { ...spec, transposed: true }), note: null };
}

const NOT_FINITE = 'Not clipped: products of its inputs are not finite';
const UNCLIPPED = 'Not clipped: that did not make the outputs more exact';
