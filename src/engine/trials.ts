/**
 * Answers to what a person makes up, by the original and its runs, one input at a time: a newer one
 * takes the place of an older one, and jobs take the place of all. Nothing here is a measurement.
 */
import { type Ran, readAnswer } from '../bench/read-answer.ts';
import type {
  AnswerProgress,
  AnswerRequest,
  ContinueRequest,
  TimingEnd,
  TrialSubject,
} from '../bridge/trial-calls.ts';
import { StudioError } from '../core/studio-error.ts';
import { replaced } from '../dataset/dataset.ts';
import type { Made } from '../dataset/making.ts';
import type { Dataset } from '../dataset/opening.ts';
import { openTrial, type Trial } from '../dataset/trial.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import type { LabelAnswers } from '../report/label-answers.ts';
import type {
  Choice,
  ContinuationEnd,
  ContinuedToken,
  MadeWords,
  TrialSummary,
} from '../report/trial.ts';
import { askLabels } from './ask-labels.ts';
import { continueText } from './continue-text.ts';
import type { OpenModel, OpenModels } from './models.ts';
import { nextTokenReader } from './next-token.ts';
import { originalOf } from './original.ts';
import { isOwnFailure } from './own-failure.ts';
import { datasetOfRun, hasTokenizer } from './run-dataset.ts';
import { Subjects } from './subjects.ts';
import { timeAnswers } from './time-answers.ts';

const ORIGINAL: TrialSubject = { runId: '', files: null };

type RunFiles = NonNullable<TrialSubject['files']>;

export class Trials {
  readonly #models: OpenModels;
  readonly #trials = new WeakMap<OpenModel, Promise<Trial>>();
  /** Of runs with a tokenizer of their own. */
  readonly #runTrials = new WeakMap<RunFiles, Promise<{ trial: Trial; dataset: Dataset }>>();
  readonly #subjects = new Subjects();
  #current = new AbortController();
  /** Settles when the last one that was asked has ended. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(models: OpenModels) {
    this.#models = models;
  }

  async summary(modelId: string): Promise<TrialSummary> {
    const { form } = await this.#trial(modelId);
    const { evaluation, summary, task } = originalOf(this.#models.get(modelId)).dataset;
    const rowCount = task === 'pairs' ? evaluation.count / 2 : evaluation.count;
    return { form, rowCount, rowsName: summary.name };
  }

  /** @throws AbortError if a newer one or a job took its place; too-large, bad-dataset… */
  answer(request: AnswerRequest, progress: (progress: AnswerProgress) => void): Promise<MadeWords> {
    return this.#newest((signal) => this.#answer(request, progress, signal));
  }

  /** Times the answers by turns, the original first. @throws as `answer` */
  time(
    request: AnswerRequest,
    progress: (times: readonly number[]) => void,
    isVisible: () => boolean,
  ): Promise<TimingEnd> {
    return this.#newest((signal) => this.#time(request, progress, signal, isVisible));
  }

  /** - `values` — labels as the file has them; of each a few rows are asked. @throws as `answer` */
  askLabels(modelId: string, values: readonly string[]): Promise<readonly LabelAnswers[]> {
    return this.#newest(async (signal) => {
      const open = this.#models.get(modelId);
      const dataset = await rowsOf(open, true, signal);
      const session = await this.#subjects.session(open, ORIGINAL, 'wasm', signal);
      return askLabels(dataset, values, session, signal);
    });
  }

  /** - `stop` — ends with the tokens so far */
  continue(
    request: ContinueRequest,
    progress: (token: ContinuedToken) => void,
    stop: AbortSignal,
  ): Promise<readonly ContinuationEnd[]> {
    return this.#newest(async (signal) => {
      const { modelId } = request;
      const open = this.#models.get(modelId);
      return continueText(request, {
        ...{ progress, signal, stop },
        trial: async (subject) =>
          (await this.#runTrial(modelId, subject))?.trial ?? this.#trial(modelId),
        session: (subject) => this.#subjects.session(open, subject, request.backend, signal),
      });
    });
  }

  /** Ends what is answered now and lets go of every session: a job wants the runtime for itself. */
  async release(): Promise<void> {
    this.#current.abort();
    await this.#last;
    await this.#subjects.release();
  }

  #newest<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#current.abort();
    const current = new AbortController();
    this.#current = current;
    const result = this.#last.then(async () => {
      current.signal.throwIfAborted();
      try {
        return await work(current.signal);
      } catch (error) {
        // Sessions of a lost device answer nothing any more.
        if (error instanceof StudioError && error.code === 'device-lost') {
          await this.#subjects.release();
        }
        throw error;
      }
    });
    this.#last = result.catch(() => {}); // whoever asked sees it
    return result;
  }

  async #answer(
    request: AnswerRequest,
    progress: (progress: AnswerProgress) => void,
    signal: AbortSignal,
  ): Promise<MadeWords> {
    const { modelId, input, backend } = request;
    const trial = await this.#trial(modelId);
    const open = this.#models.get(modelId);
    const made = await trial.make(input, await rowsOf(open, input.kind === 'row', signal));
    const words = { texts: made.texts, image: made.image, label: made.label, tokens: made.tokens };
    progress({ words });
    let original: Ran | null = null;
    let likeliest: readonly Choice[] = [];
    for (const subject of request.subjects) {
      signal.throwIfAborted();
      try {
        const session = await this.#subjects.session(open, subject, backend, signal);
        const own = await this.#ownMade(modelId, subject, input, made);
        const { feeds } = own?.made ?? made;
        if (session.fresh) await session.run(feeds);
        signal.throwIfAborted();
        const { ran, durationMs } = await session.run(feeds);
        signal.throwIfAborted();
        const isOriginal = subject.files === null;
        const readNext = nextTokenReader(own?.trial ?? trial, own?.made ?? made);
        const reading =
          readNext?.(ran, isOriginal ? [] : likeliest) ??
          readAnswer(ran, isOriginal ? null : original, trial);
        if (isOriginal) {
          original = ran;
          likeliest = reading.kind === 'next-token' ? reading.choices : [];
        }
        progress({ answer: { runId: subject.runId, durationMs, reading } });
      } catch (error) {
        if (!isOwnFailure(error)) throw error;
        progress({ answer: { runId: subject.runId, failure: error.message } });
      }
    }
    return words;
  }

  async #time(
    { modelId, input, backend, subjects }: AnswerRequest,
    progress: (times: readonly number[]) => void,
    signal: AbortSignal,
    isVisible: () => boolean,
  ): Promise<TimingEnd> {
    const open = this.#models.get(modelId);
    const trial = await this.#trial(modelId);
    const made = await trial.make(input, await rowsOf(open, input.kind === 'row', signal));
    const feeds: Made['feeds'][] = [];
    for (const it of subjects) {
      feeds.push(((await this.#ownMade(modelId, it, input, made))?.made ?? made).feeds);
    }
    return timeAnswers({
      subjects: subjects.map((it) => () => this.#subjects.session(open, it, backend, signal)),
      ...{ feeds, signal, isVisible },
      onRound: progress,
    });
  }

  /** The input as the run's own tokenizer splits it; null where it has none. */
  async #ownMade(
    modelId: string,
    subject: TrialSubject,
    input: AnswerRequest['input'],
    made: Made,
  ): Promise<{ trial: Trial; made: Made } | null> {
    const own = await this.#runTrial(modelId, subject);
    if (!own) return null;
    const { trial, dataset } = own;
    const [text] = made.texts ?? [];
    // The beginning of a window is as many words for everyone, not as many tokens.
    const isBeginning = trial.growing !== null && text !== undefined;
    const same = isBeginning ? ({ kind: 'text', text, pair: null } as const) : input;
    return { trial, made: await trial.make(same, dataset) };
  }

  /** null for what has the original's tokenizer. */
  async #runTrial(modelId: string, { files }: TrialSubject) {
    if (!files || !hasTokenizer(files)) return null;
    let own = this.#runTrials.get(files);
    if (!own) {
      own = this.#openRunTrial(modelId, files);
      this.#runTrials.set(files, own);
      own.catch(() => this.#runTrials.delete(files));
    }
    return own;
  }

  async #openRunTrial(modelId: string, files: RunFiles) {
    const given = this.#models.given(modelId);
    const model = await openOnnx(files);
    const dataset = await datasetOfRun(this.#models.get(modelId).dataset, files, model);
    const trial = await openTrial(replaced(given.files, files), model, given.options, dataset);
    return { trial, dataset };
  }

  #trial(modelId: string): Promise<Trial> {
    const open = this.#models.get(modelId);
    const known = this.#trials.get(open);
    if (known) return known;
    const { files, options } = this.#models.given(modelId);
    const trial = openTrial(files, open.model, options, originalOf(open).dataset);
    this.#trials.set(open, trial);
    trial.catch(() => this.#trials.delete(open));
    return trial;
  }
}

/** The rows as they are measured: made-up ones in sizes that the model runs with. */
async function rowsOf(open: OpenModel, needed: boolean, signal: AbortSignal): Promise<Dataset> {
  const original = originalOf(open);
  const obstacle = needed ? await original.fitRows(signal) : null;
  if (obstacle !== null) throw new StudioError('bad-dataset', obstacle);
  return original.dataset;
}
