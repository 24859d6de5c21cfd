import type { StoredPlace } from '../catalog/quantizers.ts';
import type { WeightSummary } from '../report/model-summary.ts';

/** More are not judged one by one while a menu opens. */
const MOST_JUDGED = 256;

/**
 * Where weights stand in the table of encodings; null where there are too many, or some stand
 * nowhere, so that the plan alone says what becomes of them.
 */
export function placesOf(
  weights: readonly Pick<WeightSummary, 'place'>[],
): readonly StoredPlace[] | null {
  if (weights.length > MOST_JUDGED) return null;
  const known = weights.flatMap(({ place }) => place ?? []);
  return known.length === weights.length ? known : null;
}
