/** What finding codes is given and gives, and plain rounding, which every method is compared with. */
import { assert } from '../core/assert.ts';
import type { Quantized, QuantizeSpec } from '../core/quantize-spec.ts';
import type { InputStatistics } from '../model/statistics.ts';
import type { Executor } from './executor.ts';
import type { QuantizeOutcome } from './quantize-job.ts';
import type { WeightSource } from './weight-source.ts';

export interface QuantizeContext {
  readonly executor: Executor;
  /** Of the matrix's inputs, in the order of its K; null where they were not seen. */
  readonly statistics: InputStatistics | null;
  /** The matrix before it was pruned, if it was, lying as the source does. */
  readonly original?: WeightSource;
  readonly signal: AbortSignal;
}

export interface QuantizedBy {
  readonly quantized: Quantized;
  /** What a person should know: that plain rounding was better, say. null for nothing. */
  readonly note: string | null;
}

/** @throws as `quantizeBy` */
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
