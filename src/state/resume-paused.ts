/** How a stopped compression of the open model goes on. */
import type { ExecutorKind } from '../bridge/compress-calls.ts';
import { analyse } from './analyse.ts';
import { resumeCompression, runCompression } from './compress.ts';
import { benchmark } from './measure-run.ts';
import { stopTiming } from './paused-job.ts';
import { probeDevice } from './probe-device.ts';
import type { Session } from './state.ts';
import type { Studio } from './store.ts';

/** The person's answer: the GPU may be back, or the CPU does the rest. */
export async function resumePaused(studio: Studio, executor: ExecutorKind): Promise<void> {
  const { session } = studio.store.getState();
  if (session?.job.status !== 'asking') return;
  const { model, job } = session;
  await stopTiming(studio);
  if (executor === 'gpu') await probeDevice(studio);
  await runCompression(studio, model.id, job.task, executor);
}

/** What a job that stopped offers first, on the GPU; null where there is nothing to go back to. */
export function resumeWord({ job }: Session): 'resume' | 'start again' | null {
  // Without WebGPU from the start the CPU is the only way, and that is asked for.
  if (job.status === 'asking') return job.failure === null ? null : 'resume';
  return job.status === 'failed' ? 'start again' : null;
}

/** Goes on as that says; does nothing where it is null. */
export async function resumeStopped(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  const word = session && resumeWord(session);
  if (word === 'resume') await resumePaused(studio, 'gpu');
  else if (word === 'start again') await retryFailed(studio);
}

/** Tries a failed job again; weights that a compression finished are not done again. */
export async function retryFailed(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  if (session?.job.status !== 'failed') return;
  const { task, failure } = session.job;
  if (failure.code === 'device-lost' || failure.code === 'worker-failed') await probeDevice(studio);
  const isStored = session.runs.some(({ id }) => id === task.runId);
  if (task.kind === 'analyse') await analyse(studio);
  else if (task.kind === 'compress' && !isStored) await resumeCompression(studio, task);
  else await benchmark(studio, { runId: task.runId });
}
