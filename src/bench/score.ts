/** Answers to the rows of a data set, one row at a time, and the accuracy that grows with them. */

import { assert } from '../core/assert.ts';
import type { Backend } from '../core/backend.ts';
import type { Rows } from '../dataset/rows.ts';
import type { Accuracy } from '../report/report.ts';
import { type PairedCounts, pairedDifference, wilsonInterval } from '../report/statistics.ts';
import { type AnswerOutput, answersOf } from './answers.ts';
import type { Outputs } from './outputs.ts';
import { pacer } from './pause.ts';
import type { Session } from './session.ts';

export interface ScoreRequest {
  readonly session: Pick<Session, 'run' | 'backend'>;
  readonly rows: Rows;
  readonly answer: AnswerOutput | null;
  /** Per row whether the original was right; null while the original itself is scored. */
  readonly baseline: readonly boolean[] | null;
  /** Aborting rejects with the signal's AbortError. */
  readonly signal: AbortSignal;
  /** Aborting resolves with the rows so far. */
  readonly stop?: AbortSignal;
  readonly onRow?: (row: ScoredRow) => void;
}

export interface ScoredRow {
  readonly index: number;
  readonly outputs: Outputs;
  /** Of the rows so far; null without labels. */
  readonly accuracy: Accuracy | null;
}

export interface Scores {
  /** Rows scored: fewer than there are if it was stopped. */
  readonly rows: number;
  /** Per row the answer, −1 if it is none; null where outputs are no choice of one class. */
  readonly answers: readonly number[] | null;
  /** Per row whether the answer was right; null without labels. */
  readonly correct: readonly boolean[] | null;
  readonly accuracy: Accuracy | null;
  readonly durationMs: number;
  readonly stopped: boolean;
}

/** @throws runtime-failed, device-lost, bad-tokenizer; AbortError if `signal` is aborted */
export async function scoreRows(request: ScoreRequest): Promise<Scores> {
  const { session, rows, answer, baseline, signal, stop, onRow } = request;
  const answers: number[] = [];
  const correct: boolean[] = [];
  let single = answer !== null;
  let scored = 0;
  const start = performance.now();
  const tally = new Tally(session.backend, baseline);
  const breathe = pacer();
  for (let index = 0; index < rows.count; index++) {
    await breathe();
    signal.throwIfAborted();
    if (stop?.aborted) break;
    const outputs = await session.run(rows.feeds(index));
    signal.throwIfAborted();
    const output = answer ? outputs[answer.name] : undefined;
    const given = output ? answersOf(output) : new Int32Array(0);
    single &&= given.length === 1;
    const label = rows.label(index);
    if (single) {
      answers.push(given[0] ?? -1);
      if (label !== null) {
        correct.push(given[0] === label);
        tally.add(given[0] === label);
      }
    }
    scored++;
    onRow?.({ index, outputs, accuracy: tally.accuracy });
  }
  const judged = single && correct.length === scored && scored > 0;
  return {
    rows: scored,
    answers: single ? answers : null,
    correct: judged ? correct : null,
    accuracy: judged ? tally.accuracy : null,
    durationMs: performance.now() - start,
    stopped: scored < rows.count,
  };
}

/**
 * Share of right answers with its Wilson interval and, against the original's answers to the same
 * rows, the paired difference with its interval; kept up row by row.
 */
class Tally {
  readonly #backend: Backend;
  readonly #baseline: readonly boolean[] | null;
  readonly #counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  #rows = 0;

  constructor(backend: Backend, baseline: readonly boolean[] | null) {
    this.#backend = backend;
    this.#baseline = baseline;
  }

  add(right: boolean): void {
    const before = this.#baseline?.[this.#rows];
    assert(!this.#baseline || before !== undefined, `no baseline for row ${this.#rows}`);
    this.#counts[kindOf(right, before ?? false)]++;
    this.#rows++;
  }

  get accuracy(): Accuracy | null {
    if (this.#rows === 0) return null;
    const correct = this.#counts.both + this.#counts.onlyFirst;
    return {
      metric: 'accuracy',
      backend: this.#backend,
      rows: this.#rows,
      correct,
      value: correct / this.#rows,
      interval: wilsonInterval(correct, this.#rows),
      difference: this.#baseline && pairedDifference(this.#counts),
    };
  }
}

function kindOf(first: boolean, second: boolean): keyof PairedCounts {
  if (first) return second ? 'both' : 'onlyFirst';
  return second ? 'onlySecond' : 'neither';
}
