/** One job at a time: it progresses, and ends done, cancelled or failed. */
import type { StageProgress } from '../bridge/stage-progress.ts';
import { formatCount } from '../report/format.ts';
import { isCancelled, toFailure } from './failure.ts';
import { latestOnly } from './latest-only.ts';
import { learnedPaces } from './paces.ts';
import { isWhollyMeasured, truthFails } from './run.ts';
import { type StageSlot, weightsOf, withStage } from './stage-list.ts';
import type { Phase } from './stage-record.ts';
import type { Job } from './state.ts';
import { notify, type Studio, updateSession } from './store.ts';
import type { Task } from './task.ts';

export interface JobControl {
  readonly signal: AbortSignal;
  readonly stop: AbortSignal;
  readonly enter: (phase: Phase) => void;
  /** Says what the job is to come to. */
  readonly expect: (outline: readonly StageSlot[]) => void;
  readonly progress: (progress: StageProgress, more?: Partial<RunningJob>) => void;
}

export type RunningJob = Extract<Job, { status: 'running' }>;

/**
 * Runs `body` as the session's job. It returns the sentence for the status line. A cancelled job
 * leaves no trace but that sentence; a failed one stays until it is dismissed or tried again.
 */
export async function runJob(
  studio: Studio,
  modelId: string,
  task: Task,
  body: (control: JobControl) => Promise<string>,
): Promise<void> {
  const { session } = studio.store.getState();
  if (session?.model.id !== modelId) return;
  const { job: before } = session;
  if (before.status === 'running') {
    notify(studio, 'warn', `Busy with ${before.task.name}. Cancel it or wait.`);
    return;
  }
  if (before.status === 'asking' && before.task.runId !== task.runId) {
    notify(studio, 'warn', `${before.task.name} is paused. Resume or cancel it first.`);
    return;
  }
  const abort = new AbortController();
  const stop = new AbortController();
  let settle: () => void = () => undefined;
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const change = (fields: (job: RunningJob) => Partial<RunningJob>) =>
    updateSession(studio, modelId, ({ job }) =>
      job.status === 'running' ? { job: { ...job, ...fields(job) } } : {},
    );
  updateSession(studio, modelId, () => ({
    downloadToConfirm: null,
    queued: false,
    picked: false,
    job: {
      status: 'running',
      task,
      phase: 'load',
      outline: [],
      stages: [],
      finished: new Map(),
      accuracy: null,
      cancelling: false,
      abort,
      stop,
      settled,
    },
  }));
  const latest = latestOnly((progress: StageProgress, more: Partial<RunningJob>) =>
    change((job) => ({
      ...more,
      stages: withStage(job.stages, job.phase, progress),
    })),
  );
  try {
    const sentence = await body({
      signal: abort.signal,
      stop: stop.signal,
      enter: (phase) => {
        latest.flush();
        change(() => ({ phase }));
        notify(studio, 'busy', phaseSentence(phase, task));
      },
      expect: (outline) => change(() => ({ outline })),
      progress: latest.take,
    });
    latest.flush();
    learn(studio, modelId);
    updateSession(studio, modelId, () => ({ job: { status: 'idle' } }));
    notify(studio, isWrong(studio, task) ? 'warn' : 'good', sentence);
  } catch (error) {
    latest.flush();
    learn(studio, modelId);
    if (isCancelled(error)) cancelled(studio, modelId);
    else if (!paused(studio, modelId, task, error)) failed(studio, modelId, task, error);
  } finally {
    latest.drop();
    settle();
  }
}

/** What the job made computes something else than the original somewhere. */
const isWrong = ({ store }: Studio, { runId }: Task): boolean =>
  store.getState().session?.runs.some((run) => run.id === runId && truthFails(run)) ?? false;

const learn = (studio: Studio, modelId: string): void =>
  updateSession(studio, modelId, ({ job, paces }) =>
    job.status === 'running' ? { paces: learnedPaces(paces, job) } : {},
  );

/** For the status line, which changes once a phase: it is read aloud. */
function phaseSentence(phase: Phase, { name }: Task): string {
  switch (phase) {
    case 'load':
      return 'Loading the model.';
    case 'analyse':
      return `Analysing ${name}.`;
    case 'keep':
      return `Keeping what it takes to resume ${name} after a reload.`;
    case 'compress':
      return `Compressing ${name}.`;
    case 'seal':
      return `Hashing and packing ${name}.`;
    case 'measure-baseline':
      return 'Measuring the baseline.';
    case 'measure':
      return `Measuring ${name}.`;
    case 'profile':
      return `Profiling ${name}.`;
  }
}

function cancelled(studio: Studio, modelId: string): void {
  updateSession(studio, modelId, () => ({ job: { status: 'idle' } }));
  const { session } = studio.store.getState();
  if (session?.model.id !== modelId) return;
  const kept = session.runs.filter((run) => run.kind === 'run' || isWhollyMeasured(run));
  notify(studio, 'plain', `Cancelled. ${keptSentence(kept.length)}`);
}

/** "3 finished runs are kept."; without any nothing was there to lose. */
export const keptSentence = (count: number): string =>
  count === 0
    ? 'No run was finished before.'
    : `${formatCount(count)} finished ${count === 1 ? 'run is' : 'runs are'} kept.`;

/** A compression that lost its GPU asks how to go on; what is finished waits. */
function paused(studio: Studio, modelId: string, task: Task, error: unknown): boolean {
  const failure = toFailure(error);
  const { session } = studio.store.getState();
  if (session?.model.id !== modelId || session.job.status !== 'running') return false;
  const { phase, finished, stages } = session.job;
  const { code } = failure;
  if (task.kind !== 'compress' || phase !== 'compress') return false;
  if (code !== 'device-lost' && code !== 'no-webgpu') return false;
  const total = totalOf(stages);
  askHow(studio, modelId, { why: code, task, failure, finished, total });
  if (code === 'device-lost') studio.store.setState({ gpuLost: true });
  const kept = `${formatCount(finished.size)} of ${formatCount(total)} weights are kept`;
  const sentence =
    code === 'device-lost'
      ? `The GPU was lost while compressing. ${kept}; resume when ready.`
      : failure.message;
  notify(studio, 'warn', sentence);
  return true;
}

type Question = Pick<
  Extract<Job, { status: 'asking' }>,
  'why' | 'task' | 'failure' | 'finished' | 'total'
>;

/** Pauses a compression until the person has chosen how it goes on. */
export function askHow(studio: Studio, modelId: string, question: Question): void {
  const at = studio.effects.now();
  updateSession(studio, modelId, () => ({
    job: { status: 'asking', at, cpu: { status: 'measuring' }, ...question },
  }));
}

const totalOf = (stages: RunningJob['stages']): number => weightsOf(stages)?.total ?? 0;

function failed(studio: Studio, modelId: string, task: Task, error: unknown): void {
  const failure = toFailure(error);
  updateSession(studio, modelId, ({ job, engineHasModel }) => ({
    job: {
      status: 'failed',
      task,
      failure,
      at: studio.effects.now(),
      finished: job.status === 'running' ? job.finished.size : 0,
      total: job.status === 'running' ? totalOf(job.stages) : 0,
    },
    engineHasModel: engineHasModel && failure.code !== 'worker-failed',
  }));
  if (failure.code === 'device-lost') studio.store.setState({ gpuLost: true });
  const tone = failure.code === 'device-lost' ? 'warn' : 'bad';
  notify(studio, tone, failure.message);
  if (failure.code === 'bug') throw error;
}

/** Asks the running job to end now; it acts between rows and weights. */
export function cancelJob(studio: Studio): void {
  const { session } = studio.store.getState();
  if (session?.job.status !== 'running') return;
  session.job.abort.abort();
  updateSession(studio, session.model.id, ({ job }) =>
    job.status === 'running' ? { queued: false, job: { ...job, cancelling: true } } : {},
  );
}

/** Ends the scoring with the rows so far. */
export function stopScoring({ store }: Studio): void {
  const { session } = store.getState();
  if (session?.job.status === 'running') session.job.stop.abort();
}
