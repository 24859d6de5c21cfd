/** One matrix to codes, by the method that its step names. */
import { assert } from '../core/assert.ts';
import type { QuantizeMethod } from '../core/quantize-method.ts';
import type { Quantized, QuantizeSpec } from '../core/quantize-spec.ts';
import type { InputStatistics } from '../model/statistics.ts';
import type { Executor } from './executor.ts';
import type { QuantizeOutcome } from './quantize-job.ts';
import type { WeightSource } from './weight-source.ts';

export interface QuantizeContext {
  readonly executor: Executor;
  /** Of the matrix's inputs, in the order of its K; null where they were not seen. */
  readonly statistics: InputStatistics | null;
  readonly signal: AbortSignal;
}

export interface QuantizedBy {
  readonly quantized: Quantized;
  /** What a person should know: that plain rounding was better, say. null for nothing. */
  readonly note: string | null;
}

type Methods = {
  readonly [Kind in QuantizeMethod['kind']]: (
    method: Extract<QuantizeMethod, { kind: Kind }>,
    source: WeightSource,
    spec: QuantizeSpec,
    context: QuantizeContext,
  ) => Promise<QuantizedBy>;
};

const METHODS: Methods = {
  rtn: async (_, source, spec, context) => ({
    quantized: await roundToNearest(source, spec, context),
    note: null,
  }),
};

/** @throws what concerns this weight alone, and as `Executor`; the signal's reason */
export function quantizeBy(
  method: QuantizeMethod,
  source: WeightSource,
  spec: QuantizeSpec,
  context: QuantizeContext,
): Promise<QuantizedBy> {
  return METHODS[method.kind](method, source, spec, context);
}

/** Plain rounding, which every method is compared with. */
export async function roundToNearest(
  source: WeightSource,
  spec: QuantizeSpec,
  { executor, signal }: Pick<QuantizeContext, 'executor' | 'signal'>,
): Promise<Quantized> {
  const outcomes: QuantizeOutcome[] = [];
  await executor.quantize([{ source, spec }], {
    signal,
    onOutcome: (_, outcome) => void outcomes.push(outcome),
  });
  const [outcome] = outcomes;
  assert(outcome, 'a finished job has an outcome');
  if (outcome.failure) throw outcome.failure;
  return outcome.quantized;
}
