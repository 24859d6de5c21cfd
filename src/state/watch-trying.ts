/**
 * Asks the engine for what the person tries: the newest input alone, as soon as the models are about
 * as quick as the typing, and never while a job has the engine. An answer to an older input is never
 * taken for one to the newest.
 */
import type { AnswerProgress } from '../bridge/trial-calls.ts';
import { AnswerTimer } from './answer-timer.ts';
import { changeTrying, failTrying } from './change-trying.ts';
import { isCancelled, toFailure } from './failure.ts';
import { holdModel } from './measure-run.ts';
import type { Session } from './state.ts';
import { type Studio, updateSession } from './store.ts';
import { triedRuns } from './try.ts';
import { type Answers, type Asked, sameAsked, type Trying } from './trying.ts';

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

class Asker {
  readonly #studio: Studio;
  /** What is waited for or being answered. */
  #asked: Asked | null = null;
  readonly #timer: AnswerTimer;
  #resting: ReturnType<typeof setTimeout> | undefined;
  /** Loading what can be tried, of this model. */
  #loading: string | null = null;

  constructor(studio: Studio) {
    this.#studio = studio;
    this.#timer = new AnswerTimer(studio);
  }

  rest(): void {
    clearTimeout(this.#resting);
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
      if (trying.pace !== 'idle') changeTrying(this.#studio, model.id, { pace: 'idle' });
      return;
    }
    if (session.job.status === 'running' || session.remapping.status === 'running') {
      this.rest();
      if (trying.pace !== 'busy') changeTrying(this.#studio, model.id, { pace: 'busy' });
      return;
    }
    if (trying.pace === 'busy') {
      changeTrying(this.#studio, model.id, { pace: 'idle' }); // follows itself
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
      if (trying.pace !== 'idle') changeTrying(this.#studio, session.model.id, { pace: 'idle' });
      else this.#timer.follow(wanted);
      return;
    }
    const typed = this.#asked ?? trying.answers;
    this.#asked = wanted;
    clearTimeout(this.#resting);
    const restMs = typed && typed.input !== wanted.input ? restOf(trying, wanted.runIds) : 0;
    this.#resting = setTimeout(() => void this.#ask(wanted), restMs);
  }

  async #load(session: Session): Promise<void> {
    const { model, background } = session;
    if (this.#loading === model.id) return;
    this.#loading = model.id;
    changeTrying(this.#studio, model.id, { trial: { status: 'loading' } });
    try {
      await holdModel(this.#studio, session, { signal: background.signal });
      const summary = await this.#studio.engine.call('trial', [model.id]);
      changeTrying(this.#studio, model.id, { trial: { status: 'ready', summary } });
    } catch (error) {
      if (isCancelled(error)) changeTrying(this.#studio, model.id, { trial: { status: 'none' } });
      else
        failTrying(this.#studio, model.id, error, (failure) => ({
          trial: { status: 'failed', failure },
        }));
    } finally {
      this.#loading = null;
    }
  }

  async #ask(asked: Asked): Promise<void> {
    const { session } = this.#studio.store.getState();
    if (session?.model.id !== asked.modelId || this.#asked !== asked) return;
    const { modelId, input, backend, runIds } = asked;
    const subjects = triedRuns(session).map(({ id, files }) => ({ runId: id, files }));
    changeTrying(this.#studio, modelId, { pace: 'answering' });
    let answers: Answers = {
      ...{ input, backend, runIds, words: null, byRun: new Map(), complete: false },
    };
    const take = (progress: AnswerProgress) => {
      if (this.#asked !== asked) return;
      answers = withProgress(answers, progress);
      // The answers before stay until the original has a new one: an empty table would flicker.
      if (answers.byRun.size > 0) changeTrying(this.#studio, modelId, { answers });
      else if (this.#studio.store.getState().session?.trying.answers === null) {
        changeTrying(this.#studio, modelId, { answers });
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
      clearTimeout(this.#resting);
      this.#resting = setTimeout(() => {
        this.#asked = null;
        this.follow();
      }, BUSY_AGAIN_MS);
      return;
    }
    this.#asked = null;
    failTrying(this.#studio, modelId, error, (failure) => ({
      failure,
      pace: 'idle',
      answers: null,
      timing: null,
    }));
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

function withProgress(answers: Answers, progress: AnswerProgress): Answers {
  if ('words' in progress) return { ...answers, words: progress.words };
  const byRun = new Map(answers.byRun).set(progress.answer.runId, progress.answer);
  return { ...answers, byRun };
}

/** About as long as all models take for an answer: what is typed meanwhile is answered with it. */
function restOf({ answers, backend }: Trying, runIds: readonly string[]): number {
  if (answers?.backend !== backend) return LEAST_REST_MS;
  const all = runIds.reduce((sum, id) => {
    const answer = answers.byRun.get(id);
    return answer && 'durationMs' in answer ? sum + answer.durationMs : sum;
  }, 0);
  return Math.min(MOST_REST_MS, Math.max(LEAST_REST_MS, all));
}
