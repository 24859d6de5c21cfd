import { formatCount } from '../../report/format.ts';
import { type Answers, oneAnswerPerRow } from '../../report/one-answer-per-row.ts';

/** What the share of same answers leaves out: the rows that differ, or that it is of positions. */
export const differingWords = (answers: Answers): string =>
  oneAnswerPerRow(answers)
    ? `${formatCount(answers.differingRows ?? 0)} rows differ`
    : 'of positions';
