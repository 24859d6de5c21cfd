/** The figures of scored rows: the task's metric and those beside it, with intervals. */
import type { Backend } from '../core/backend.ts';
import { bootstrapInterval } from '../report/bootstrap.ts';
import type { Metric } from '../report/metric.ts';
import type { Accuracy, Score } from '../report/report.ts';
import { type PairedCounts, pairedDifference, wilsonInterval } from '../report/statistics.ts';
import { countOf, METRICS_OF, metricOf, type ScoreRecord } from './score-records.ts';

/**
 * - `baseline` — the original's record, of at least as many rows; null for the original itself
 */
export function summarizeScores(
  record: ScoreRecord,
  baseline: ScoreRecord | null,
  backend: Backend,
): Accuracy | null {
  const rows = countOf(record);
  if (rows === 0) return null;
  const [headline, ...others] = METRICS_OF[record.task];
  return {
    ...scoreOf(headline, record, baseline),
    ...{ backend, rows },
    correct: record.task === 'classes' ? rightOf(record) : null,
    also: others.map((metric) => scoreOf(metric, record, baseline)),
  };
}

function scoreOf(metric: Metric, record: ScoreRecord, baseline: ScoreRecord | null): Score {
  if (metric === 'accuracy' && record.task === 'classes') return shareRight(record, baseline);
  const count = countOf(record);
  const all = Uint32Array.from({ length: count }, (_, row) => row);
  const own = (rows: ArrayLike<number>) => metricOf(metric, record, rows);
  const lost = (rows: ArrayLike<number>) =>
    baseline ? own(rows) - metricOf(metric, baseline, rows) : 0;
  return {
    metric,
    value: own(all),
    interval: bootstrapInterval(count, own),
    difference: baseline && { value: lost(all), interval: bootstrapInterval(count, lost) },
  };
}

type Classes = Extract<ScoreRecord, { task: 'classes' }>;

const isRight = ({ given, wanted }: Classes, row: number): boolean => given[row] === wanted[row];

const rightOf = (record: Classes): number =>
  record.given.filter((_, row) => isRight(record, row)).length;

/** Wilson's interval, and Newcombe's of the paired difference: exact where a bootstrap is not. */
function shareRight(record: Classes, baseline: ScoreRecord | null): Score {
  const rows = record.given.length;
  const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  for (let row = 0; row < rows; row++) {
    const before = baseline?.task === 'classes' && isRight(baseline, row);
    counts[kindOf(isRight(record, row), before)]++;
  }
  const right = counts.both + counts.onlyFirst;
  return {
    metric: 'accuracy',
    value: right / rows,
    interval: wilsonInterval(right, rows),
    difference: baseline && pairedDifference(counts),
  };
}

function kindOf(first: boolean, second: boolean): keyof PairedCounts {
  if (first) return second ? 'both' : 'onlyFirst';
  return second ? 'onlySecond' : 'neither';
}

/** The headline of the rows so far, without intervals but accuracy's; for progress, row by row. */
export class RunningScore {
  readonly #backend: Backend;
  readonly #record: ScoreRecord;
  #sum = 0;
  #count = 0;
  #rows = 0;

  constructor(record: ScoreRecord, backend: Backend) {
    this.#record = record;
    this.#backend = backend;
  }

  /** The headline with the rows that the record has grown by; null where it takes all rows. */
  next(): Accuracy | null {
    const record = this.#record;
    for (; this.#rows < countOf(record); this.#rows++) {
      if (record.task === 'next-token') {
        this.#sum += record.loss[this.#rows] ?? 0;
        this.#count += record.predicted[this.#rows] ?? 0;
      } else if (record.task === 'classes' && isRight(record, this.#rows)) {
        this.#sum++;
      }
    }
    const rows = this.#rows;
    if (rows === 0) return null;
    const base = { backend: this.#backend, rows, difference: null, also: [] };
    if (record.task === 'classes') {
      const correct = this.#sum;
      const interval = wilsonInterval(correct, rows);
      return { ...base, metric: 'accuracy', correct, value: correct / rows, interval };
    }
    if (record.task !== 'next-token') return null;
    const value = Math.exp(this.#sum / this.#count);
    return { ...base, metric: 'perplexity', correct: null, value, interval: null };
  }
}
