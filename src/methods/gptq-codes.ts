/** GPTQ of a weight, from where its values lie. */
import type { QuantizeMethod } from '../core/quantize-method.ts';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { gptq } from './gptq.ts';
import { rowsOf } from './matrix-rows.ts';
import { readValues } from './read-values.ts';
import { type QuantizeContext, type QuantizedBy, roundToNearest } from './round-to-nearest.ts';
import type { WeightSource } from './weight-source.ts';

/**
 * Plain rounding where the inputs were not seen. What was pruned stays 0, and the other values make
 * up for it too.
 * @throws as `quantizeBy`
 */
export async function gptqCodes(
  { damping, actOrder }: Extract<QuantizeMethod, { kind: 'gptq' }>,
  source: WeightSource,
  spec: QuantizeSpec,
  context: QuantizeContext,
): Promise<QuantizedBy> {
  const { executor, statistics, original, signal } = context;
  const plain = await roundToNearest(source, spec, context);
  const gram = statistics?.gram;
  if (!gram) return { quantized: plain, note: null };
  const { K, N, transposed } = spec;
  const shape = { K, N, transposed, dims: [], perm: null };
  const rows = async (own: WeightSource) => rowsOf(await readValues(own, signal), shape);
  const given = await rows(source);
  const { count } = statistics;
  const task = { plain, spec, inputs: { K, count, gram }, damping, actOrder };
  if (!original) return gptq(executor.feedback, { ...task, values: given, pruned: null }, signal);
  const pruned = Uint8Array.from(given, (value) => Number(value === 0));
  return gptq(executor.feedback, { ...task, values: await rows(original), pruned }, signal);
}
