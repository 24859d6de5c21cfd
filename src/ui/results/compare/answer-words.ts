import { formatCount, formatPoints } from '../../../report/format.ts';
import { type Answers, oneAnswerPerRow } from '../../../report/one-answer-per-row.ts';

/** How B's same answers differ from A's: in rows where a row is one answer, else in points. */
export function answersOnFewer(a: Answers, b: Answers): string {
  if (a.top1Agreement === null || b.top1Agreement === null) return '';
  if (a.rows !== b.rows || !oneAnswerPerRow(a) || !oneAnswerPerRow(b)) {
    return formatPoints(b.top1Agreement - a.top1Agreement);
  }
  const fewer = (b.differingRows ?? 0) - (a.differingRows ?? 0);
  if (fewer === 0) return 'the same';
  const count = Math.abs(fewer);
  return `${formatCount(count)} ${fewer > 0 ? 'fewer' : 'more'} ${count === 1 ? 'row' : 'rows'}`;
}
