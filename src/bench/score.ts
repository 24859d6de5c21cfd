/** Answers to the rows of a data set, one row at a time, and the figures that grow with them. */
import type { Backend } from '../core/backend.ts';
import type { Readout } from '../dataset/readout.ts';
import type { Feeds, Rows } from '../dataset/rows.ts';
import type { Accuracy } from '../report/report.ts';
import type { Outputs } from './outputs.ts';
import { pacer } from './pause.ts';
import { answersIn, cosineOf, embeddingIn, numberIn, tokenLoss } from './read-row.ts';
import { countOf, type ScoreRecord } from './score-records.ts';
import type { Session } from './session.ts';
import { RunningScore, summarizeScores } from './summarize-scores.ts';

export interface ScoreRequest {
  readonly session: Pick<Session, 'run' | 'backend'>;
  readonly rows: Rows;
  readonly readout: Readout;
  /** What rows are compared with; null scores nothing and only gives outputs and answers. */
  readonly task: ScoreRecord['task'] | null;
  /** What the original gave to the same rows; null while the original itself is scored. */
  readonly baseline: ScoreRecord | null;
  /** Aborting rejects with the signal's AbortError. */
  readonly signal?: AbortSignal;
  /** Aborting resolves with the rows so far. */
  readonly stop?: AbortSignal;
  readonly onRow?: (row: ScoredRow) => void;
}

export interface ScoredRow {
  readonly index: number;
  readonly feeds: Feeds;
  readonly outputs: Outputs;
  /** Of the rows so far, without the comparison; null without a task. */
  readonly accuracy: Accuracy | null;
}

export interface Scores {
  /** Rows run: fewer than there are if it was stopped. */
  readonly rows: number;
  /** Per row the answer, −1 if it is none; null where outputs are no choice of one class. */
  readonly answers: readonly number[] | null;
  /** null without a task, or where some row's outputs do not answer it. */
  readonly record: ScoreRecord | null;
  readonly accuracy: Accuracy | null;
  readonly durationMs: number;
  readonly stopped: boolean;
}

/** @throws runtime-failed, device-lost, bad-tokenizer, bad-dataset; AbortError if `signal` is aborted */
export async function scoreRows(request: ScoreRequest): Promise<Scores> {
  const { session, rows, readout, task, baseline, signal, stop, onRow } = request;
  const answers: number[] = [];
  let single = readout.answer !== null;
  let scored = 0;
  const start = performance.now();
  const judge = task && new Judge(task, readout, rows, session.backend);
  const breathe = pacer();
  for (let index = 0; index < rows.count; index++) {
    await breathe();
    signal?.throwIfAborted();
    if (stop?.aborted) break;
    const feeds = await rows.feeds(index);
    const outputs = await session.run(feeds);
    signal?.throwIfAborted();
    const given = answersIn(outputs, readout);
    single &&= given.length === 1;
    if (single) answers.push(given[0] ?? -1);
    judge?.add(index, feeds, outputs);
    scored++;
    onRow?.({ index, feeds, outputs, accuracy: judge?.soFar() ?? null });
  }
  const record = judge?.complete ? judge.record : null;
  const comparable = baseline && record && countOf(record) <= countOf(baseline);
  return {
    rows: scored,
    answers: single ? answers : null,
    record,
    accuracy: record && summarizeScores(record, comparable ? baseline : null, session.backend),
    durationMs: performance.now() - start,
    stopped: scored < rows.count,
  };
}

/** Keeps of every row what the task's metrics need. */
class Judge {
  readonly record: ScoreRecord;
  /** Every row so far answered the task. */
  complete = true;
  readonly #readout: Readout;
  readonly #rows: Rows;
  readonly #running: RunningScore;
  readonly #given: number[] = [];
  readonly #wanted: number[] = [];
  readonly #windows: { loss: number[]; predicted: number[]; hits: number[] } = {
    ...{ loss: [], predicted: [], hits: [] },
  };
  #first: Float32Array | null = null;

  constructor(task: ScoreRecord['task'], readout: Readout, rows: Rows, backend: Backend) {
    this.#readout = readout;
    this.#rows = rows;
    this.record =
      task === 'next-token'
        ? { task, ...this.#windows }
        : { task, given: this.#given, wanted: this.#wanted };
    this.#running = new RunningScore(this.record, backend);
  }

  soFar(): Accuracy | null {
    return this.complete ? this.#running.next() : null;
  }

  add(index: number, feeds: Feeds, outputs: Outputs): void {
    if (this.record.task === 'next-token') this.#addWindow(index, outputs);
    else if (this.record.task === 'pairs') this.#addSide(index, feeds, outputs);
    else this.#addAnswer(index, outputs);
  }

  #addAnswer(index: number, outputs: Outputs): void {
    const given =
      this.record.task === 'number'
        ? numberIn(outputs, this.#readout)
        : onlyOf(answersIn(outputs, this.#readout));
    this.#push(given, this.#rows.label(index));
  }

  #addWindow(index: number, outputs: Outputs): void {
    const tokens = this.#rows.tokens(index) ?? [];
    const loss = tokenLoss(outputs, this.#readout, tokens, this.#rows.places?.(index)?.ends);
    this.complete &&= loss !== null;
    if (!loss) return;
    this.#windows.loss.push(loss.loss);
    this.#windows.predicted.push(loss.predicted);
    this.#windows.hits.push(loss.hits);
  }

  /** Every second row ends a pair. */
  #addSide(index: number, feeds: Feeds, outputs: Outputs): void {
    const { embedding } = this.#readout;
    const mask = embedding?.mask ? (feeds[embedding.mask]?.data ?? null) : null;
    const vector = embedding && embeddingIn(outputs, embedding, mask);
    if (index % 2 === 0) {
      this.#first = vector;
      this.complete &&= vector !== null;
      return;
    }
    const first = this.#first;
    const alike = first && vector && first.length === vector.length;
    this.#push(alike ? cosineOf(first, vector) : null, this.#rows.label(index));
  }

  #push(given: number | null, wanted: number | null): void {
    if (given === null || wanted === null) {
      this.complete = false;
      return;
    }
    this.#given.push(given);
    this.#wanted.push(wanted);
  }
}

const onlyOf = (answers: Int32Array): number | null =>
  answers.length === 1 ? (answers[0] ?? -1) : null;
