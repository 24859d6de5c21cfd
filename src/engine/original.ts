/** The original model's sessions and its outputs on the evaluation rows, made once a backend. */
import type { Outputs } from '../bench/outputs.ts';
import { type Scores, scoreRows } from '../bench/score.ts';
import { createSession, type Session } from '../bench/session.ts';
import type { Backend } from '../core/backend.ts';
import { StudioError } from '../core/studio-error.ts';
import type { Dataset } from '../dataset/opening.ts';
import type { Feeds, Rows } from '../dataset/rows.ts';
import type { OnnxModel } from '../formats/onnx/onnx-model.ts';
import type { Accuracy } from '../report/report.ts';
import type { OpenModel } from './models.ts';
import { type SessionFiles, sessionFilesOf } from './session-files.ts';

/** Outputs kept to compare runs with; rows beyond this are left out of fidelity. */
const KEPT_OUTPUT_BYTES = 256e6;

export interface OriginalScores extends Scores {
  /** The first rows' outputs, as many as fit. */
  readonly outputs: readonly Outputs[];
}

export interface ScoreControl {
  /** Aborting resolves with the rows so far. */
  readonly stop: AbortSignal;
  readonly onRow: (index: number, accuracy: Accuracy | null) => void;
}

export class Original {
  readonly model: OnnxModel;
  readonly sessionFiles: SessionFiles;
  #dataset: Dataset;
  #fit: Promise<string | null> | null = null;
  readonly #sessions = new Map<Backend, Session>();
  readonly #scores = new Map<Backend, OriginalScores>();
  /** By rows: whole ones, and brief ones for software adapters. */
  readonly #truth = new Map<Rows, Map<number, Outputs>>();
  #truthBytes = 0;

  constructor(model: OnnxModel, dataset: Dataset) {
    this.model = model;
    this.#dataset = dataset;
    this.sessionFiles = sessionFilesOf(model);
  }

  get dataset(): Dataset {
    return this.#dataset;
  }

  /**
   * Chooses made-up rows that the model runs with, where its graph leaves sizes open; once, before
   * the first row is measured. @returns why nothing can be measured; null if it can
   */
  fitRows(signal: AbortSignal): Promise<string | null> {
    const fit = this.#fit ?? this.#fitRows(signal);
    this.#fit = fit;
    fit.catch(() => {
      this.#fit = null; // cancelled, or the session did not open: that is told where it is measured
    });
    return fit;
  }

  async #fitRows(signal: AbortSignal): Promise<string | null> {
    const first = this.#dataset;
    if (!first.otherSizes || first.evaluation.count === 0) return null;
    const session = await this.session('wasm');
    let said = '';
    for (let it: Dataset | null = first; it; it = it.otherSizes?.() ?? null) {
      signal.throwIfAborted();
      const failure = await failureOf(session, it.evaluation);
      if (failure === null) {
        this.#dataset = it;
        return null;
      }
      said ||= failure;
    }
    return `the original runs with none of the made-up inputs that were tried. Drop an .npz with one array per input. The first failed: ${said}`;
  }

  /** Its session on `backend` is open. */
  isOpen(backend: Backend): boolean {
    return this.#sessions.has(backend);
  }

  async session(backend: Backend): Promise<Session> {
    const known = this.#sessions.get(backend);
    if (known) return known;
    const { graph, externalFiles } = this.sessionFiles;
    const session = await createSession(graph, backend, { externalFiles });
    this.#sessions.set(backend, session);
    return session;
  }

  /** What the original gives on WASM for a row: the truth that runs are checked against. */
  async truth(rows: Rows, index: number): Promise<Outputs> {
    const scored =
      rows === this.dataset.evaluation ? this.#scores.get('wasm')?.outputs[index] : undefined;
    const kept = this.#truth.get(rows) ?? new Map<number, Outputs>();
    const known = scored ?? kept.get(index);
    if (known) return known;
    const outputs = await this.outputs(await rows.feeds(index));
    this.#truthBytes += byteLengthOf(outputs);
    if (this.#truthBytes <= KEPT_OUTPUT_BYTES) this.#truth.set(rows, kept.set(index, outputs));
    return outputs;
  }

  /** What it gives on WASM for these. */
  async outputs(feeds: Feeds): Promise<Outputs> {
    return (await this.session('wasm')).run(feeds);
  }

  /** Its answers to all evaluation rows are known. */
  isScored(backend: Backend): boolean {
    return this.#scores.has(backend);
  }

  /** All evaluation rows on `backend`; a scoring that was stopped is not kept. */
  async scores(backend: Backend, control: ScoreControl): Promise<OriginalScores> {
    const known = this.#scores.get(backend);
    if (known) return known;
    const outputs: Outputs[] = [];
    let bytes = 0;
    const scores = await scoreRows({
      session: await this.session(backend),
      rows: this.dataset.evaluation,
      readout: this.dataset.readout,
      task: this.dataset.task,
      baseline: null,
      stop: control.stop,
      onRow: (row) => {
        bytes += byteLengthOf(row.outputs);
        if (bytes <= KEPT_OUTPUT_BYTES) outputs.push(row.outputs);
        control.onRow(row.index, row.accuracy);
      },
    });
    const all = { ...scores, outputs };
    if (!scores.stopped) this.#scores.set(backend, all);
    return all;
  }

  /** Ends the session on `backend`, if there is one; whoever asks again has a new one. */
  async close(backend: Backend): Promise<void> {
    const session = this.#sessions.get(backend);
    this.#sessions.delete(backend);
    await session?.release();
  }

  async release(): Promise<void> {
    for (const backend of [...this.#sessions.keys()]) await this.close(backend);
  }
}

/** Why the first row cannot be run; null if it can. */
async function failureOf(session: Session, rows: Rows): Promise<string | null> {
  try {
    await session.run(await rows.feeds(0));
    return null;
  } catch (error) {
    if (error instanceof StudioError && error.code === 'runtime-failed') return error.message;
    throw error;
  }
}

function byteLengthOf(outputs: Outputs): number {
  return Object.values(outputs).reduce((sum, { data }) => {
    const perElement = ArrayBuffer.isView(data) && 'BYTES_PER_ELEMENT' in data ? 4 : 16;
    return sum + data.length * perElement;
  }, 0);
}

const originals = new WeakMap<OpenModel, Original>();

/** The one `Original` of an open model. */
export function originalOf(open: OpenModel): Original {
  let original = originals.get(open);
  if (!original) {
    original = new Original(open.runnable ?? open.model, open.dataset);
    originals.set(open, original);
  }
  return original;
}
