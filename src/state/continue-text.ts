/** A text that the original and its runs go on with, token by token, until it ends or is stopped. */
import type { ContinuedToken } from '../report/trial.ts';
import { isCancelled, toFailure } from './failure.ts';
import { holdModel } from './measure-run.ts';
import { type Studio, updateSession } from './store.ts';
import { triedRuns } from './try.ts';
import type { Continuation } from './trying.ts';

/** Tokens are shown this often at most. */
const SHOWN_EVERY_MS = 50;

/** What text is gone on with: what was typed, or what a row begins with; null if there is none. */
export function textToContinue({ store }: Pick<Studio, 'store'>): string | null {
  const trying = store.getState().session?.trying;
  if (!trying?.input) return null;
  const { input, answers } = trying;
  if (input.kind === 'text') return input.text;
  return answers?.input === input ? (answers.words?.texts?.[0] ?? null) : null;
}

export async function continueText(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  const text = textToContinue(studio);
  if (!session || text === null || session.job.status === 'running') return;
  const { model, trying } = session;
  trying.continuation?.stop.abort();
  const { backend, options } = trying;
  const runs = triedRuns(session);
  const sampling = options.sampled ? { topK: options.topK, seed: options.seed } : null;
  const stop = new AbortController();
  const started: Continuation = {
    ...{ text, backend, sampling, stop, ends: null, failure: null },
    runIds: runs.map(({ id }) => id),
    byRun: new Map(),
  };
  const change = (fields: Partial<Continuation>) =>
    updateSession(studio, model.id, ({ trying: it }) =>
      it.continuation?.stop === stop
        ? { trying: { ...it, continuation: { ...it.continuation, ...fields } } }
        : {},
    );
  updateSession(studio, model.id, ({ trying: it }) => ({
    trying: { ...it, continuation: started },
  }));
  const byRun = new Map<string, readonly ContinuedToken[]>();
  const shown = paced(() => change({ byRun: new Map(byRun) }));
  try {
    await holdModel(studio, session, { signal: session.background.signal });
    const request = {
      ...{ modelId: model.id, text, backend, sampling, tokens: options.tokens },
      subjects: runs.map(({ id, files }) => ({ runId: id, files })),
    };
    const ends = await studio.engine.call('continueText', [request], {
      stop: stop.signal,
      onProgress: (token) => {
        byRun.set(token.runId, [...(byRun.get(token.runId) ?? []), token]);
        shown.soon();
      },
    });
    shown.drop();
    change({ byRun, ends });
  } catch (error) {
    shown.drop();
    const ended = runs.map(({ id }) => ({ runId: id, why: 'stopped', failure: null }) as const);
    const failure = isCancelled(error) ? null : toFailure(error);
    change({ byRun, ends: ended, failure });
    if (failure?.code === 'worker-failed') {
      updateSession(studio, model.id, () => ({ engineHasModel: false }));
    }
    if (failure?.code === 'bug') throw error;
  }
}

function paced(show: () => void): { readonly soon: () => void; readonly drop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    soon: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        show();
      }, SHOWN_EVERY_MS);
    },
    drop: () => clearTimeout(timer),
  };
}
