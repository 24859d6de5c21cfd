import { sqnrDb } from '../core/quantize-spec.ts';
import { elementCount } from '../core/shape.ts';
import type { Weight } from '../model/weight.ts';
import { encodingIds, stepsOfWeight, storedBytes, weightLabel } from '../plan/describe-weight.ts';
import type { LeftAlone } from '../plan/plan.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { WeightRow } from '../report/report.ts';
import type { CompressedWeight } from './weight-context.ts';

/** The report's row of a weight that was compressed. */
export function compressedRow(
  item: PlannedWeight,
  { errors, note }: Pick<CompressedWeight, 'errors' | 'note'>,
  { steps }: Recipe,
): WeightRow {
  const { weight, view } = item;
  const bytesAfter = storedBytes(item);
  const techniques = stepsOfWeight(item).map((index) => steps[index]?.technique);
  return {
    ...identity(weight),
    technique: [...new Set(techniques)].join(' + '),
    encoding: `${encodingIds(item)} ${weightLabel(item)}`,
    bitsPerWeight: (8 * bytesAfter) / (view.K * view.N),
    bytesAfter,
    // A weight that is only cut has no value of another to be compared with.
    sqnrDb: isOnlyCut(item) ? null : sqnrDb(errors),
    maxAbsError: isOnlyCut(item) ? null : errors.maxAbsError,
    reason: null,
    failed: false,
    ...(note !== null && { note }),
  };
}

const isOnlyCut = ({ cut, prune, factorize, parts }: PlannedWeight): boolean =>
  cut !== null && !prune && !factorize && parts.every(({ choice }) => choice.encoding === 'dense');

type Uncompressed = Pick<LeftAlone, 'weight' | 'reason'> & Partial<LeftAlone>;

/** The row of a weight that stays as it is, by plan or because it failed. */
export function leftAloneRow(
  { weight, reason, bytesAfter = weight.tensor.storedByteLength }: Uncompressed,
  failed: boolean,
): WeightRow {
  const { tensor } = weight;
  return {
    ...identity(weight),
    technique: null,
    encoding: tensor.dtype,
    // A weight without elements has no bytes either.
    bitsPerWeight: (bytesAfter * 8) / Math.max(1, elementCount(tensor.dims)),
    bytesAfter,
    sqnrDb: null,
    maxAbsError: null,
    reason,
    failed,
  };
}

/** The row of a weight that went with its block. */
export const droppedRow = (weight: Weight, note: string): WeightRow => ({
  ...identity(weight),
  ...{ technique: 'cut-blocks', encoding: 'dropped', bitsPerWeight: 0, bytesAfter: 0 },
  ...{ sqnrDb: null, maxAbsError: null, reason: null, failed: false, note },
});

const identity = ({ name, label, tensor, uses }: Weight) => ({
  name,
  label,
  op: [...new Set(uses.map(({ op }) => op))].join(', ') || 'none',
  dims: tensor.dims,
  bytesBefore: tensor.storedByteLength,
});
