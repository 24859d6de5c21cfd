/** A weight with scales on its inputs or outputs, between what is stored and what that stands for. */
import type { ErrorStatistics } from '../core/quantize-spec.ts';
import { errorsOf } from '../methods/errors.ts';
import { memorySource, readValues } from '../methods/read-values.ts';
import type { WeightSource } from '../methods/weight-source.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import { originalOf, type WeightContext } from './weight-context.ts';
import { scaledWeight, unscaledWeight } from './weight-scaling.ts';

/** The values that a weight's stages act on, before any of them. */
export const actedOn = (
  item: PlannedWeight,
  { model, scaling }: Pick<WeightContext, 'model' | 'scaling'>,
): WeightSource => scaledWeight(originalOf(model, item.weight), item, scaling);

/**
 * Of what the weight stands for without its scales.
 * @param values that its stages act on, in the order of its axes
 * @param left of them what is not stored
 */
export async function errorsWithoutScales(
  item: PlannedWeight,
  values: Float32Array<ArrayBuffer>,
  left: Float32Array<ArrayBuffer>,
  { model, scaling, signal }: Pick<WeightContext, 'model' | 'scaling' | 'signal'>,
): Promise<ErrorStatistics> {
  if (!scaling) return errorsOf(values, left);
  const { name, tensor } = item.weight;
  const stored = values.map((value, i) => value - (left[i] as number));
  const without = unscaledWeight(memorySource(name, stored, tensor.dims), item, scaling);
  const [own, original] = [
    await readValues(without, signal),
    await readValues(originalOf(model, item.weight), signal),
  ];
  return errorsOf(
    original,
    original.map((value, i) => value - (own[i] as number)),
  );
}
