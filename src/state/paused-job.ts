/** A compression that stopped before its end: how long the CPU would take, and how to end it. */
import { isCancelled, toFailure } from './failure.ts';
import { keptSentence } from './run-job.ts';
import { settle } from './session-keeper.ts';
import type { CpuTime, Job } from './state.ts';
import { notify, type Store, type Studio, updateSession } from './store.ts';
import type { Task } from './task.ts';

/** Asks the engine how long the CPU takes for what is left. */
export async function timeCpu(studio: Studio, modelId: string): Promise<void> {
  const { session } = studio.store.getState();
  if (session?.model.id !== modelId || session.job.status !== 'asking') return;
  const { task } = session.job;
  if (!task.recipe) return;
  const abort = new AbortController();
  const timing = cpuTime(studio, task, modelId, abort.signal);
  timings.set(studio.store, { abort, timing });
  const cpu = await timing;
  updateSession(studio, modelId, ({ job }) =>
    job.status === 'asking' && job.task === task ? { job: { ...job, cpu } } : {},
  );
}

/** What the engine is timing for the question of a store. */
const timings = new WeakMap<
  Store,
  { readonly abort: AbortController; readonly timing: Promise<CpuTime> }
>();

/** The person has answered before the time was known: the engine is free for what they want. */
export async function stopTiming({ store }: Studio): Promise<void> {
  const known = timings.get(store);
  timings.delete(store);
  known?.abort.abort();
  await known?.timing;
}

async function cpuTime(
  studio: Studio,
  { recipe, runId }: Task,
  modelId: string,
  signal: AbortSignal,
): Promise<CpuTime> {
  try {
    if (!recipe) return { status: 'unknown', reason: 'There is no recipe.' };
    const { session } = studio.store.getState();
    if (session && !session.engineHasModel) {
      const { files, mapping } = session;
      await studio.engine.call('open', [modelId, files, mapping], { signal });
      updateSession(studio, modelId, () => ({ engineHasModel: true }));
    }
    const { durationMs } = await studio.engine.call('estimateCpu', [modelId, recipe, runId], {
      signal,
    });
    return { status: 'known', durationMs };
  } catch (error) {
    const reason = isCancelled(error) ? 'it was not waited for' : toFailure(error).message;
    return { status: 'unknown', reason };
  }
}

/**
 * The job has ended: its finished weights are of no more use. Where the session is kept, whoever
 * keeps it settles the job, after what came of it is kept.
 */
export async function settleJob(studio: Studio, { runId }: Task): Promise<void> {
  if (studio.store.getState().session?.keeping.status === 'kept') return;
  await settle(studio, runId);
}

/** Ends a compression that waits for an answer; finished runs stay. */
export async function cancelPaused(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  if (session?.job.status !== 'asking') return;
  const kept = session.runs.filter(
    ({ kind, measurements }) => kind === 'run' || measurements.length > 0,
  );
  await putAway(studio, session.model.id, session.job);
  notify(studio, 'plain', `Cancelled. ${keptSentence(kept.length)}`);
}

/** Puts away a failed job with what it had finished. */
export async function dismissFailure(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  if (session?.job.status === 'failed') await putAway(studio, session.model.id, session.job);
}

async function putAway(
  studio: Studio,
  modelId: string,
  { task }: Extract<Job, { status: 'asking' | 'failed' }>,
): Promise<void> {
  updateSession(studio, modelId, () => ({ job: { status: 'idle' } }));
  await stopTiming(studio);
  if (task.kind === 'compress') await settleJob(studio, task);
}
