/** What the panel says of a weight's values after, where it has none to draw. */
import type { WeightRow } from '../../report/report.ts';

interface Situation {
  /** "not measured" and why; null where there is nothing to measure. */
  readonly missing: string | null;
  readonly loading: boolean;
  /** The run in view goes on or is paused. */
  readonly inWork: boolean;
  /** That run leaves the weight alone. */
  readonly passedOver: boolean;
  /** What that run has come to for the weight; null until it has. */
  readonly row: Pick<WeightRow, 'technique' | 'failed'> | null;
  /** A run stands in view that is over, not the baseline. */
  readonly hasRun: boolean;
}

export function afterWords(situation: Situation): string {
  const { missing, loading, inWork, passedOver, row, hasRun } = situation;
  if (missing !== null) return `after: not measured. ${missing}`;
  if (inWork && passedOver) return 'after: this run leaves it as it was';
  if (inWork && !row) return 'after: this run has not compressed it so far';
  if (row?.failed) return 'after: it failed in this run and stays as it was';
  if (loading) return 'after: reading it';
  return hasRun || inWork ? 'after: this run left it as it was' : 'after: compress to see it';
}
