import { formatCount } from '../../report/format.ts';
import type { Fidelity } from '../../report/report.ts';

type Answers = Pick<Fidelity, 'top1Agreement' | 'differingRows' | 'rows'>;

/**
 * What the share of same answers leaves out: the rows that differ. Where a row has an answer at each
 * position (a language model) the share is of positions, and nearly every row differs somewhere.
 */
export function differingWords({ top1Agreement, differingRows, rows }: Answers): string {
  const differing = differingRows ?? 0;
  const perRow = Math.round((1 - (top1Agreement ?? 1)) * rows) === differing;
  return perRow ? `${formatCount(differing)} rows differ` : 'of positions';
}
