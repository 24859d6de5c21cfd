/** The open model is kept in the browser, and what happens with it from then on. */
import { toFailure } from './failure.ts';
import { SessionKeeper } from './session-keeper.ts';
import type { Session } from './state.ts';
import { notify, type Store, type Studio, updateSession } from './store.ts';

/** Recipes of a moving slider are not kept. */
const RECIPE_RESTS_MS = 500;

/** Keeps the open model; what an earlier visit left unfinished with it is offered. */
export async function keepOpened(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  if (!session) return;
  const { model, files, background } = session;
  const { signal } = background;
  try {
    const { sessionId, job } = await studio.desk.call('keep', [model.id, files], { signal });
    updateSession(studio, model.id, () => ({
      keeping: { status: 'kept', sessionId },
      unfinished: job,
    }));
    void keepFiles(studio, model.id, signal);
  } catch (error) {
    if (signal.aborted) return;
    const failure = toFailure(error);
    updateSession(studio, model.id, () => ({ keeping: { status: 'not-kept', failure } }));
    if (failure.code === 'bug') throw error;
  }
}

/** Where there is no room, the files are asked for in another visit. */
async function keepFiles(studio: Studio, modelId: string, signal: AbortSignal): Promise<void> {
  try {
    await studio.desk.call('keepFiles', [modelId], { signal });
  } catch (error) {
    if (signal.aborted) return;
    const { code, message } = toFailure(error);
    if (code === 'bug') throw error;
    if (studio.store.getState().session?.model.id === modelId) notify(studio, 'warn', message);
  } finally {
    // A copy that found no room filled the disk while it lasted.
    if (!signal.aborted) keepers.get(studio.store)?.retry();
  }
}

/** Who keeps the open session of a store. */
const keepers = new WeakMap<Store, SessionKeeper>();

/** Starts to keep what happens in the studio; gives the way to stop. */
export function watchKept(studio: Studio, restsMs = RECIPE_RESTS_MS): () => void {
  const follow = ({ session }: { readonly session: Session | null }) => {
    if (session?.keeping.status !== 'kept') return;
    let keeper = keepers.get(studio.store);
    if (keeper?.modelId !== session.model.id) {
      keeper = new SessionKeeper(studio, session.model.id, session.keeping.sessionId, restsMs);
      keepers.set(studio.store, keeper);
    }
    keeper.follow(session);
  };
  follow(studio.store.getState());
  return studio.store.subscribe(follow);
}

/**
 * Waits until the open model is listed and its job is written down, so that another visit finds the
 * weights that it finishes; or until that has failed. @throws the signal's reason
 */
export async function jobKept(studio: Studio, modelId: string, signal: AbortSignal): Promise<void> {
  await keepingKnown(studio, modelId, signal);
  const keeper = keepers.get(studio.store);
  if (keeper?.modelId !== modelId) return;
  await unlessAborted(keeper.settled(), signal);
}

/** Waits until it is known whether the open model is kept. @throws the signal's reason */
async function keepingKnown({ store }: Studio, modelId: string, signal: AbortSignal) {
  const isPending = ({ session }: { readonly session: Session | null }) =>
    session?.model.id === modelId && session.keeping.status === 'pending';
  if (!isPending(store.getState())) return;
  let stop: () => void = () => undefined;
  const known = new Promise<void>((resolve) => {
    stop = store.subscribe((state) => void (isPending(state) || resolve()));
  });
  await unlessAborted(known, signal).finally(stop);
}

async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const ended = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { signal: ended.signal });
  });
  await Promise.race([work, aborted]).finally(() => ended.abort());
}
