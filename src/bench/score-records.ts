/** What scoring keeps of each row, and every metric of any of them. */

import { pearson, spearman } from '../report/correlation.ts';
import { macroF1 } from '../report/macro-f1.ts';
import type { Metric } from '../report/metric.ts';
import type { RowScores } from '../report/report.ts';

/** Per scored row; the original's are what a run's are compared with. */
export type ScoreRecord =
  | {
      readonly task: 'classes';
      readonly given: readonly number[];
      readonly wanted: readonly number[];
    }
  | {
      /** Of texts alone numbers; of pairs the cosine of their embeddings. */
      readonly task: 'number' | 'pairs';
      readonly given: readonly number[];
      readonly wanted: readonly number[];
    }
  | {
      readonly task: 'next-token';
      /** Per window: Σ −ln p of its predicted tokens, how many there are, and how many came first. */
      readonly loss: readonly number[];
      readonly predicted: readonly number[];
      readonly hits: readonly number[];
    };

/** The headline first. */
export const METRICS_OF: Readonly<Record<ScoreRecord['task'], readonly [Metric, ...Metric[]]>> = {
  classes: ['accuracy', 'macro-f1'],
  number: ['spearman', 'pearson', 'rmse'],
  pairs: ['spearman', 'pearson'],
  'next-token': ['perplexity', 'next-token-top1'],
};

export const countOf = (record: ScoreRecord): number =>
  record.task === 'next-token' ? record.loss.length : record.given.length;

/**
 * `metric` of `rows` of `record`, some perhaps more than once (a bootstrap's). Perplexity is
 * exp(Σ −ln p / tokens), over all tokens of the windows.
 */
export function metricOf(metric: Metric, record: ScoreRecord, rows: ArrayLike<number>): number {
  if (record.task === 'next-token') {
    const tokens = sumOf(record.predicted, rows);
    if (metric === 'perplexity') return Math.exp(sumOf(record.loss, rows) / tokens);
    return sumOf(record.hits, rows) / tokens;
  }
  const { given, wanted } = record;
  switch (metric) {
    case 'accuracy': {
      let right = 0;
      for (let index = 0; index < rows.length; index++) {
        const row = rows[index] ?? 0;
        if (given[row] === wanted[row]) right++;
      }
      return right / rows.length;
    }
    case 'macro-f1':
      return macroF1(given, wanted, rows);
    case 'rmse':
      return Math.sqrt(meanSquare(given, wanted, rows));
    case 'pearson':
      return pearson(pick(given, rows), pick(wanted, rows));
    default:
      return spearman(pick(given, rows), pick(wanted, rows));
  }
}

/** More rows would make reports of megabytes. */
const KEPT_ROWS = 20_000;
/** float32 has no more. */
const KEPT_DIGITS = 7;

/** What a report keeps of each row: nothing where the answers say it, or of too many rows. */
export function rowScoresOf(record: ScoreRecord): RowScores | null {
  if (record.task === 'classes' || countOf(record) > KEPT_ROWS) return null;
  const rounded = (values: readonly number[]) =>
    values.map((value) => Number(value.toPrecision(KEPT_DIGITS)));
  if (record.task !== 'next-token') return { task: record.task, given: rounded(record.given) };
  const { task, loss, predicted, hits } = record;
  return { task, loss: rounded(loss), predicted: [...predicted], hits: [...hits] };
}

function sumOf(values: readonly number[], rows: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < rows.length; index++) sum += values[rows[index] ?? 0] ?? 0;
  return sum;
}

const pick = (values: readonly number[], rows: ArrayLike<number>): Float64Array =>
  Float64Array.from(rows, (row) => values[row] ?? 0);

function meanSquare(
  given: readonly number[],
  wanted: readonly number[],
  rows: ArrayLike<number>,
): number {
  let sum = 0;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    sum += ((given[row] ?? 0) - (wanted[row] ?? 0)) ** 2;
  }
  return sum / rows.length;
}
