import { bitsPerWeight, encodingLabel, layoutBytes } from '../catalog/encoding-layout.ts';
import { type ErrorStatistics, sqnrDb } from '../core/quantize-spec.ts';
import { elementCount } from '../core/shape.ts';
import type { Weight } from '../model/weight.ts';
import type { PlannedWeight } from '../plan/build-edit.ts';
import type { LeftAlone } from '../plan/plan.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { WeightRow } from '../report/report.ts';

/** The report's row of a weight that was compressed. */
export function compressedRow(
  { weight, view, choice, tensors, stepIndex }: PlannedWeight,
  errors: ErrorStatistics,
  recipe: Recipe,
): WeightRow {
  const stored = Object.values(tensors).map(layoutBytes);
  return {
    ...identity(weight),
    technique: recipe.steps[stepIndex]?.technique ?? null,
    encoding: `${choice.encoding} ${encodingLabel(choice)}`,
    bitsPerWeight: bitsPerWeight(choice, view.K, view.N),
    bytesAfter: stored.reduce((sum, bytes) => sum + bytes, 0),
    sqnrDb: sqnrDb(errors),
    maxAbsError: errors.maxAbsError,
    reason: null,
    failed: false,
  };
}

/** The row of a weight that stays as it is, by plan or because it failed. */
export function leftAloneRow({ weight, reason }: LeftAlone, failed: boolean): WeightRow {
  const { tensor } = weight;
  return {
    ...identity(weight),
    technique: null,
    encoding: tensor.dtype,
    bitsPerWeight: (tensor.storedByteLength * 8) / elementCount(tensor.dims),
    bytesAfter: tensor.storedByteLength,
    sqnrDb: null,
    maxAbsError: null,
    reason,
    failed,
  };
}

const identity = ({ name, label, tensor, uses }: Weight) => ({
  name,
  label,
  op: [...new Set(uses.map(({ op }) => op))].join(', ') || 'none',
  dims: tensor.dims,
  bytesBefore: tensor.storedByteLength,
});
