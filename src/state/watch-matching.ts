/**
 * While labels wait to be matched with classes, the original is asked what it answers to a few rows
 * of each, as soon as no job has the engine: the person need not guess.
 */
import { isCancelled, toFailure } from './failure.ts';
import { holdModel } from './measure-run.ts';
import type { LabelAsking, Session } from './state.ts';
import { type Studio, updateSession } from './store.ts';

/** Starts to ask; gives the way to stop. */
export function watchMatching(studio: Studio): () => void {
  const asked = new WeakSet<Session['dataset']>();
  return studio.store.subscribe(({ session }) => {
    if (!session?.matching || asked.has(session.dataset)) return;
    if (session.job.status === 'running' || session.remapping.status === 'running') return;
    const values = session.needs.flatMap((need) =>
      need.kind === 'labels' && need.classes.length > 0
        ? need.values.map(({ value }) => value)
        : [],
    );
    if (values.length === 0) return;
    asked.add(session.dataset);
    void ask(studio, session, values, () => asked.delete(session.dataset));
  });
}

async function ask(
  studio: Studio,
  session: Session,
  values: readonly string[],
  again: () => void,
): Promise<void> {
  const { model, dataset, background } = session;
  const show = (labelAsking: LabelAsking) =>
    updateSession(studio, model.id, (now) => (now.dataset === dataset ? { labelAsking } : {}));
  show({ status: 'asking' });
  try {
    await holdModel(studio, session, { signal: background.signal });
    const answers = await studio.engine.call('askLabels', [model.id, values]);
    show({ status: 'ready', answers });
  } catch (error) {
    const failure = toFailure(error);
    if (isCancelled(error) || failure.code === 'busy') {
      show({ status: 'none' });
      again(); // a job took the engine: its end is a change, which asks again
    } else show({ status: 'failed', failure });
    if (failure.code === 'bug' && !isCancelled(error)) throw error;
  }
}
