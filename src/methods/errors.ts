import type { ErrorStatistics } from '../core/quantize-spec.ts';

export const NO_ERRORS: ErrorStatistics = { sumSquares: 0, sumSquaredError: 0, maxAbsError: 0 };

/** Of two parts of a weight together. */
export const addErrors = (a: ErrorStatistics, b: ErrorStatistics): ErrorStatistics => ({
  sumSquares: a.sumSquares + b.sumSquares,
  sumSquaredError: a.sumSquaredError + b.sumSquaredError,
  maxAbsError: Math.max(a.maxAbsError, b.maxAbsError),
});

/**
 * Of a weight that was pruned and then stored, against its original values. Every way of storing
 * keeps 0 exactly, so the errors of what was pruned and of the rest lie on different elements.
 */
export const afterPruning = (
  pruned: ErrorStatistics,
  stored: ErrorStatistics,
): ErrorStatistics => ({ ...addErrors(pruned, stored), sumSquares: pruned.sumSquares });

/**
 * Of a whole weight.
 * - `rest` — float32, what was stored subtracted from `w`
 */
export function errorsOf(w: Float32Array, rest: Float32Array): ErrorStatistics {
  let sumSquares = 0;
  let sumSquaredError = 0;
  let maxAbsError = 0;
  for (let i = 0; i < w.length; i++) {
    sumSquares += (w[i] as number) ** 2;
    sumSquaredError += (rest[i] as number) ** 2;
    maxAbsError = Math.max(maxAbsError, Math.abs(rest[i] as number));
  }
  return { sumSquares, sumSquaredError, maxAbsError };
}
