import { shapeByAxis } from '../catalog/matrix-shape.ts';
import type { StoredPlace } from '../catalog/quantizers.ts';
import type { WeightSummary } from '../report/model-summary.ts';

/** The axis of a weight's output channels, where the operator's name alone tells it. */
const CHANNEL_AXIS: Readonly<Record<string, number>> = { MatMul: 1, Gather: 0 };

/** More are not judged one by one while a menu opens. */
const MOST_JUDGED = 256;

/**
 * Where weights stand in the table of encodings; null where a name and a shape do not tell it of each
 * (attributes of a Gemm or a Conv decide there), so that the plan alone says what becomes of them.
 */
export function placesOf(
  weights: readonly Pick<WeightSummary, 'op' | 'dims' | 'dtype'>[],
): readonly StoredPlace[] | null {
  if (weights.length > MOST_JUDGED) return null;
  const places = weights.map(placeOf);
  const known = places.filter((place) => place !== null);
  return known.length === places.length ? known : null;
}

function placeOf({ op, dims, dtype }: Pick<WeightSummary, 'op' | 'dims' | 'dtype'>) {
  const axis = Object.hasOwn(CHANNEL_AXIS, op) ? CHANNEL_AXIS[op] : undefined;
  if (axis === undefined || dims.length !== 2 || dims.includes(0)) return null;
  if (dtype !== 'float32' && dtype !== 'float16' && dtype !== 'bfloat16') return null;
  return {
    row: op as 'MatMul' | 'Gather',
    shape: shapeByAxis(dims, axis),
    groups: 1,
    valueType: dtype,
    isSeen: true,
  } satisfies StoredPlace;
}
