import type { PlannedWeight } from '../plan/planned-weight.ts';

/**
 * Products of a weight with one column that factorizing it takes, as a rank that would take as many;
 * null if it is not factorized. A fit to outputs multiplies by a triangle over the inputs twice, and
 * one by the size of inputs is compared with the plain one.
 */
export function lowRankWork(
  { K }: PlannedWeight['view'],
  factorize: PlannedWeight['factorize'],
  residual: PlannedWeight['residual'],
): number | null {
  const byOutput = factorize?.metric === 'svd-llm' || residual?.spec.byInputs;
  const rank = factorize?.rank ?? residual?.spec.rank;
  if (rank === undefined) return null;
  const searches = factorize?.metric === 'asvd' ? 2 : 1;
  return searches * (rank + OVERSAMPLING) + (byOutput ? K / 3 : 0);
}

/** Columns of a sketch beyond the rank. */
const OVERSAMPLING = 10;
