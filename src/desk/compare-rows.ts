/** Two runs on the same rows: the difference of the task's metric, with its paired interval. */
import { METRICS_OF, type ScoreRecord } from '../bench/score-records.ts';
import { summarizeScores } from '../bench/summarize-scores.ts';
import type { Dataset } from '../dataset/opening.ts';
import type { PairedScore, RowAnswers } from '../report/rows.ts';

/**
 * B minus A over the rows that both gave something to; null where what they gave to rows was not
 * kept, where there is nothing right to compare with, or where the two have no row in common.
 */
export function compareRows(
  { task, evaluation }: Dataset,
  a: RowAnswers,
  b: RowAnswers,
): PairedScore | null {
  if (task === null) return null;
  const rows = Math.min(countOf(a, task), countOf(b, task));
  const [ofA, ofB] = [a, b].map((one) => recordOf(one, task, rows, evaluation.label));
  if (!ofA || !ofB || rows === 0) return null;
  const [metric] = METRICS_OF[task];
  const summary = summarizeScores(ofB, ofA, 'wasm');
  return summary?.difference ? { metric, rows, ofB: summary.value, ...summary.difference } : null;
}

function countOf({ answers, rowScores }: RowAnswers, task: ScoreRecord['task']): number {
  if (task === 'classes') return answers?.length ?? 0;
  if (rowScores?.task !== task) return 0;
  return rowScores.task === 'next-token' ? rowScores.loss.length : rowScores.given.length;
}

function recordOf(
  { answers, rowScores }: RowAnswers,
  task: ScoreRecord['task'],
  rows: number,
  label: (index: number) => number | null,
): ScoreRecord | null {
  const first = (values: readonly number[]) => values.slice(0, rows);
  /** Every second row of a pair closes it, and both have its label. */
  const wanted = (step: number) =>
    Array.from({ length: rows }, (_, row) => label(row * step) ?? Number.NaN);
  if (task === 'classes') return answers && { task, given: first(answers), wanted: wanted(1) };
  if (rowScores?.task !== task) return null;
  if (rowScores.task !== 'next-token') {
    const { given } = rowScores;
    return { task: rowScores.task, given: first(given), wanted: wanted(task === 'pairs' ? 2 : 1) };
  }
  const { loss, predicted, hits } = rowScores;
  return { task: 'next-token', loss: first(loss), predicted: first(predicted), hits: first(hits) };
}
