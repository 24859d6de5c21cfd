/** Rounding after AWQ's scales: values come scaled already; blocks may be cut first. */
import type { Quantized, QuantizeSpec } from '../core/quantize-spec.ts';
import type { InputStatistics } from '../model/statistics.ts';
import { clipByOutput } from './awq-clips.ts';
import { channelRows } from './channel-rows.ts';
import { layerError } from './layer-error.ts';
import { memorySource } from './read-values.ts';
import { roundRows } from './rounded-rows.ts';
import type { WeightSource } from './weight-source.ts';

export interface AwqContext {
  readonly statistics: InputStatistics | null;
  readonly signal: AbortSignal;
}

/**
 * `statistics` of `context` — of the inputs divided by the scales
 * @throws as `round`; the signal's reason
 */
export async function quantizeAwq(
  clip: boolean,
  source: WeightSource,
  spec: QuantizeSpec,
  { statistics, signal }: AwqContext,
  round: (source: WeightSource, spec: QuantizeSpec) => Promise<Quantized>,
): Promise<{ readonly quantized: Quantized; readonly note: string | null }> {
  const gram = statistics?.gram;
  if (!clip || !gram) return { quantized: await round(source, spec), note: null };
  if (!gram.every(Number.isFinite)) {
    return { quantized: await round(source, spec), note: NOT_FINITE };
  }
  const values = await channelRows(source, spec, signal);
  if (!values.every(Number.isFinite)) return { quantized: await round(source, spec), note: null };
  const clipped = values.slice();
  await clipByOutput(clipped, spec, gram, signal);
  const rounded = new Float32Array(values.length);
  const errorOf = (given: Float32Array): number => {
    roundRows(given, spec, rounded);
    for (let i = 0; i < rounded.length; i++) {
      rounded[i] = (rounded[i] as number) - (values[i] as number);
    }
    return layerError(rounded, gram, spec.K);
  };
  // Each block is better by itself; together they may not be.
  if (!(errorOf(clipped) < errorOf(values))) {
    return { quantized: await round(source, spec), note: UNCLIPPED };
  }
  const { K, N } = spec;
  const cut = memorySource(source.name, clipped, [N, K]);
  return { quantized: await round(cut, { ...spec, transposed: true }), note: null };
}

const NOT_FINITE = 'Not clipped: products of its inputs are not finite';
const UNCLIPPED = 'Not clipped: that did not make the outputs more exact';
