import type { ContinuedToken } from '../../report/trial.ts';

/**
 * Index of the first token at which a run goes on otherwise than the original; null while they say
 * the same.
 */
export function partingOf(
  original: readonly Pick<ContinuedToken, 'id'>[],
  run: readonly Pick<ContinuedToken, 'id'>[],
): number | null {
  const both = Math.min(original.length, run.length);
  for (let at = 0; at < both; at++) if (original[at]?.id !== run[at]?.id) return at;
  return null;
}
