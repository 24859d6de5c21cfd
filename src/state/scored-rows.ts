/** Rows of tasks whose answers are numbers: windows of text, numbers, pairs. */
import type { RowScores } from '../report/report.ts';

export interface ScoredRow {
  /** Of the scored rows. */
  readonly row: number;
  /** Index in the data set of what shows it: the first text of a pair. */
  readonly shown: number;
  /** The perplexity of a window, the number or cosine that was given; null where there is none. */
  readonly a: number | null;
  readonly b: number | null;
  /** The right number; null for windows, which have none. */
  readonly right: number | null;
}

export type RowOrder = 'change' | 'worse' | 'data';

/**
 * All rows that B (and A, where there is one) was scored on, in `order`: where the two differ most
 * first, or where B is worst: the highest perplexity, the farthest from right.
 */
export function scoredRows(
  a: RowScores | null,
  b: RowScores,
  labels: readonly number[] | null,
  order: RowOrder,
): readonly ScoredRow[] {
  const [ofA, ofB] = [a?.task === b.task ? valuesOf(a) : null, valuesOf(b)];
  const stride = b.task === 'pairs' ? 2 : 1;
  const count = Math.min(ofB.length, ofA?.length ?? ofB.length);
  const rows = Array.from({ length: count }, (_, row): ScoredRow => {
    const right = b.task === 'next-token' ? null : (labels?.[row * stride] ?? null);
    return { row, shown: row * stride, a: ofA?.[row] ?? null, b: ofB[row] ?? null, right };
  });
  if (order === 'data') return rows;
  const weight = order === 'change' ? changeOf : errorOf;
  return rows.toSorted((one, other) => weight(other) - weight(one) || one.row - other.row);
}

function valuesOf(scores: RowScores): readonly (number | null)[] {
  if (scores.task !== 'next-token') return scores.given;
  const { loss, predicted } = scores;
  return loss.map((sum, row) => {
    const tokens = predicted[row] ?? 0;
    return tokens > 0 ? Math.exp(sum / tokens) : null;
  });
}

const changeOf = ({ a, b }: ScoredRow): number => (a === null || b === null ? -1 : Math.abs(b - a));

const errorOf = ({ b, right }: ScoredRow): number =>
  b === null ? -1 : right === null ? b : Math.abs(b - right);
