/**
 * Asks the engine for what the person tries: the newest input alone, as soon as the models are about
 * as quick as the typing, and never while a job has the engine. An answer to an older input is never
 * taken for one to the newest.
 */
import type { AnswerProgress } from '../bridge/trial-calls.ts';
import { median } from '../report/statistics.ts';
import { isCancelled, toFailure } from './failure.ts';
import { holdModel } from './measure-run.ts';
import type { Session } from './state.ts';
import { type Studio, updateSession } from './store.ts';
import { triedRuns } from './try.ts';
import { type Answers, LATENCIES_KEPT, latencyKey, type Trying } from './trying.ts';

/** Keys that follow each other faster than this are one change. */
const LEAST_REST_MS = 40;
const MOST_REST_MS = 500;
/** An engine that is busy with what the page does not know of is asked again. */
const BUSY_AGAIN_MS = 1000;

/** Starts to answer what is tried in the studio; gives the way to stop. */
export function watchTrying(studio: Studio): () => void {
  const asker = new Asker(studio);
  const stop = studio.store.subscribe(() => asker.follow());
  return () => {
    stop();
    asker.rest();
  };
}

/** What an answer is of; another one of these wants another answer. */
type Asked = Pick<Answers, 'input' | 'backend' | 'runIds'> & { readonly modelId: string };

class Asker {
  readonly #studio: Studio;
  /** What is waited for or being answered. */
  #asked: Asked | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Loading what can be tried, of this model. */
  #loading: string | null = null;

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  rest(): void {
    clearTimeout(this.#timer);
    this.#asked = null;
  }

  follow(): void {
    const { session } = this.#studio.store.getState();
    if (!session) {
      this.rest();
      return;
    }
    const { trying, model } = session;
    if (!trying.shown) {
      this.rest();
      if (trying.pace !== 'idle') this.#change(model.id, { pace: 'idle' });
      return;
    }
    if (session.job.status === 'running' || session.remapping.status === 'running') {
      this.rest();
      if (trying.pace !== 'busy') this.#change(model.id, { pace: 'busy' });
      return;
    }
    if (trying.pace === 'busy') {
      this.#change(model.id, { pace: 'idle' }); // follows itself
      return;
    }
    if (trying.trial.status === 'none') void this.#load(session);
    if (trying.trial.status === 'ready' && trying.continuation?.ends !== null) {
      this.#followInput(session);
    }
  }

  #followInput(session: Session): void {
    const { trying } = session;
    const wanted = wantedOf(session);
    if (!wanted || trying.failure) {
      if (!trying.failure) this.rest();
      return;
    }
    if (this.#asked && sameAsked(this.#asked, wanted)) return;
    if (trying.answers?.complete && sameAsked(trying.answers, wanted)) {
      this.rest(); // back to what was answered last
      if (trying.pace !== 'idle') this.#change(session.model.id, { pace: 'idle' });
      return;
    }
    const typed = this.#asked ?? trying.answers;
    this.#asked = wanted;
    clearTimeout(this.#timer);
    const restMs = typed && typed.input !== wanted.input ? restOf(trying, wanted.runIds) : 0;
    this.#timer = setTimeout(() => void this.#ask(wanted), restMs);
  }

  async #load(session: Session): Promise<void> {
    const { model, background } = session;
    if (this.#loading === model.id) return;
    this.#loading = model.id;
    this.#change(model.id, { trial: { status: 'loading' } });
    try {
      await holdModel(this.#studio, session, { signal: background.signal });
      const summary = await this.#studio.engine.call('trial', [model.id]);
      this.#change(model.id, { trial: { status: 'ready', summary } });
    } catch (error) {
      if (isCancelled(error)) this.#change(model.id, { trial: { status: 'none' } });
      else this.#failed(model.id, error, (failure) => ({ trial: { status: 'failed', failure } }));
    } finally {
      this.#loading = null;
    }
  }

  async #ask(asked: Asked): Promise<void> {
    const { session } = this.#studio.store.getState();
    if (session?.model.id !== asked.modelId || this.#asked !== asked) return;
    const { modelId, input, backend, runIds } = asked;
    const subjects = triedRuns(session).map(({ id, files }) => ({ runId: id, files }));
    this.#change(modelId, { pace: 'answering' });
    let answers: Answers = {
      ...{ input, backend, runIds, words: null, byRun: new Map(), complete: false },
    };
    const take = (progress: AnswerProgress) => {
      if (this.#asked !== asked) return;
      answers = withProgress(answers, progress);
      // The answers before stay until the original has a new one: an empty table would flicker.
      if (answers.byRun.size > 0) this.#change(modelId, { answers });
      else if (this.#studio.store.getState().session?.trying.answers === null) {
        this.#change(modelId, { answers });
      }
    };
    try {
      await holdModel(this.#studio, session, { signal: session.background.signal });
      await this.#studio.engine.call('answer', [{ modelId, input, subjects, backend }], {
        onProgress: take,
      });
      if (this.#asked !== asked) return;
      this.#asked = null;
      updateSession(this.#studio, modelId, ({ trying }) => ({
        trying: {
          ...trying,
          ...{ answers: { ...answers, complete: true }, pace: 'idle' },
          latencies: withLatencies(trying.latencies, answers),
        },
      }));
    } catch (error) {
      this.#notAnswered(asked, error);
    }
  }

  #notAnswered(asked: Asked, error: unknown): void {
    if (this.#asked !== asked) return; // a newer one was asked
    const { modelId } = asked;
    if (isCancelled(error) || toFailure(error).code === 'busy') {
      // A job took the engine. When it ends the state changes, and this is asked again.
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.#asked = null;
        this.follow();
      }, BUSY_AGAIN_MS);
      return;
    }
    this.#asked = null;
    this.#failed(modelId, error, (failure) => ({ failure, pace: 'idle', answers: null }));
  }

  /** An engine that failed holds nothing any more. */
  #failed(
    modelId: string,
    error: unknown,
    fields: (failure: ReturnType<typeof toFailure>) => Partial<Trying>,
  ): void {
    const failure = toFailure(error);
    updateSession(this.#studio, modelId, ({ trying, engineHasModel }) => ({
      trying: { ...trying, ...fields(failure) },
      engineHasModel: engineHasModel && failure.code !== 'worker-failed',
    }));
    if (failure.code === 'bug') throw error;
  }

  #change(modelId: string, fields: Partial<Trying>): void {
    updateSession(this.#studio, modelId, ({ trying }) => ({ trying: { ...trying, ...fields } }));
  }
}

function wantedOf(session: Session): Asked | null {
  const { trying, model } = session;
  if (!trying.input) return null;
  return {
    modelId: model.id,
    input: trying.input,
    backend: trying.backend,
    runIds: triedRuns(session).map(({ id }) => id),
  };
}

const sameAsked = (
  a: Pick<Asked, 'input' | 'backend' | 'runIds'>,
  b: Pick<Asked, 'input' | 'backend' | 'runIds'>,
): boolean =>
  a.input === b.input &&
  a.backend === b.backend &&
  a.runIds.length === b.runIds.length &&
  a.runIds.every((id, index) => id === b.runIds[index]);

function withProgress(answers: Answers, progress: AnswerProgress): Answers {
  if ('words' in progress) return { ...answers, words: progress.words };
  const byRun = new Map(answers.byRun).set(progress.answer.runId, progress.answer);
  return { ...answers, byRun };
}

/** About as long as all models take for an answer: what is typed meanwhile is answered with it. */
function restOf({ latencies, backend }: Trying, runIds: readonly string[]): number {
  const all = runIds.reduce((sum, id) => {
    const known = latencies.get(latencyKey(id, backend)) ?? [];
    return known.length > 0 ? sum + median(known) : sum;
  }, 0);
  return Math.min(MOST_REST_MS, Math.max(LEAST_REST_MS, all));
}

function withLatencies(latencies: Trying['latencies'], { byRun, backend }: Answers) {
  const next = new Map(latencies);
  for (const answer of byRun.values()) {
    if ('failure' in answer) continue;
    const key = latencyKey(answer.runId, backend);
    next.set(key, [...(next.get(key) ?? []), answer.durationMs].slice(-LATENCIES_KEPT));
  }
  return next;
}
