import type { ExecutorKind } from '../bridge/compress-calls.ts';
import { TARGETS } from '../catalog/targets.ts';
import { assert } from '../core/assert.ts';
import { newId } from '../core/new-id.ts';
import { enabledOnly } from '../recipe/steps.ts';
import { formatBytes, formatSizeRatio } from '../report/format.ts';
import { jobKept } from './keep.ts';
import { benchmarkOf, holdModel, loadSlots, measureWithBaseline } from './measure-run.ts';
import { settleJob, timeCpu } from './paused-job.ts';
import { persistQuietly } from './persist.ts';
import { analysisOf } from './plan-recipe.ts';
import { sameRecipe } from './recipe-name.ts';
import { compressedRun } from './run.ts';
import { askHow, type JobControl, runJob } from './run-job.ts';
import { begun, oneSlot, workSlot } from './stage-list.ts';
import type { Session } from './state.ts';
import { notify, type Studio, updateSession } from './store.ts';
import type { Task } from './task.ts';
import { weighGzip } from './weigh-gzip.ts';

/** Why Compress cannot be pressed now; null if it can. */
export function compressObstacle(session: Session): string | null {
  const { job, model, planning, queued, recipe, runs } = session;
  if (queued) return 'Starting';
  if (job.status === 'asking') return 'Paused: resume or cancel first';
  if (session.unfinished) return 'A run is unfinished: resume or discard it';
  if (job.status === 'running' && job.task.kind !== 'baseline') return `Busy with ${job.task.name}`;
  if (planning.status === 'failed') return planning.failure.message;
  if (runs.some((run) => run.recipe && sameRecipe(run.recipe, recipe))) {
    return 'Already run: change the recipe to make another';
  }
  if (model.weights.every(({ notCompressible }) => notCompressible !== null)) {
    return 'No weight of this model is compressible';
  }
  const takesNone = planning.plan?.steps.every(({ weightCount }) => weightCount === 0) ?? false;
  if (planning.status === 'ready' && takesNone) return 'No weight is selected';
  return null;
}

/** Compresses with the session's recipe, hashes the output, and measures it. */
export async function compress(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  if (!session) return;
  const obstacle = compressObstacle(session);
  if (obstacle) {
    notify(studio, 'warn', `${obstacle}.`);
    return;
  }
  const { recipe, planning } = session;
  void persistQuietly(studio); // where the browser asks, it asks about something that matters now
  await resumeCompression(studio, {
    kind: 'compress',
    runId: takeAnalysis(studio, session) ?? newId(),
    name: runName(session),
    recipe: enabledOnly(recipe),
    plannedBytes: planning.plan?.byteLength ?? null,
    startedAt: studio.effects.now(),
  });
}

/** The job that holds what was found for the recipe, to go on with; it is taken once. */
function takeAnalysis(studio: Studio, session: Session): string | null {
  const analysis = analysisOf(session);
  if (!analysis) return null;
  updateSession(studio, session.model.id, () => ({ analysis: { ...analysis, jobId: null } }));
  return analysis.jobId;
}

/** Begins `task`, or goes on with it where an earlier visit stopped. Without WebGPU it asks. */
export async function resumeCompression(studio: Studio, task: Task): Promise<void> {
  const { session, device } = studio.store.getState();
  if (!session || !(await interruptBaseline(studio, session))) return;
  const { model } = session;
  if (device.status === 'known' && !device.summary.webgpu) {
    const { runs, job } = studio.store.getState().session ?? session;
    if (job.status === 'running' || runs.some(({ id }) => id === task.runId)) return;
    const question = {
      why: 'no-webgpu',
      task,
      failure: null,
      finished: new Map(),
      total: 0,
    } as const;
    askHow(studio, model.id, question);
    notify(studio, 'warn', 'No WebGPU here. Nothing was compressed yet.');
    await timeCpu(studio, model.id);
    return;
  }
  await runCompression(studio, model.id, task, 'gpu');
}

/** Compresses on what was chosen; weights that this task finished before are not done again. */
export async function runCompression(
  studio: Studio,
  modelId: string,
  task: Task,
  executor: ExecutorKind,
): Promise<void> {
  const { recipe } = task;
  await runJob(studio, modelId, task, async (control) => {
    const { session } = studio.store.getState();
    assert(session && recipe, 'a compression has a model and a recipe');
    updateSession(studio, modelId, () => ({ unfinished: null }));
    const { stages } = await studio.desk.call('plan', [modelId, recipe], {
      signal: control.signal,
    });
    control.expect([
      ...loadSlots(studio),
      ...stages.map((stage) => workSlot(stage, recipe)),
      oneSlot('write'),
      ...(session.benchmarkAfter ? benchmarkOf(studio, { recipe }).outline : []),
    ]);
    await holdModel(studio, session, control);
    await makeResumable(studio, modelId, control);
    control.enter('compress');
    const options = { executor, jobId: task.runId };
    const finished = new Map();
    const compressed = await studio.engine.call('compress', [modelId, recipe, options], {
      signal: control.signal,
      onProgress: (progress) => {
        for (const row of progress.finished) finished.set(row.name, row);
        control.progress(
          progress,
          progress.finished.length > 0 ? { finished: new Map(finished) } : {},
        );
        if (progress.notice !== undefined) notify(studio, 'warn', progress.notice);
      },
    });
    control.enter('seal');
    control.progress(begun('write'));
    const hashes = await studio.desk.call('hash', [compressed.files], { signal: control.signal });
    control.signal.throwIfAborted();
    const run = compressedRun(task, compressed, hashes);
    const { peakBufferBytes: peak } = compressed;
    // Who looks at another run meanwhile goes on with that.
    updateSession(studio, modelId, ({ runs, peakBuffers, picked, selectedRunId }) => ({
      runs: [...runs, run],
      ...(peak !== null && { peakBuffers: new Map([...peakBuffers, [run.id, peak]]) }),
      selectedRunId: picked ? selectedRunId : run.id,
    }));
    void settleJob(studio, task);
    void weighGzip(studio, modelId, run.id, compressed.files);
    if (studio.store.getState().session?.benchmarkAfter) {
      return measureWithBaseline(studio, modelId, run.id, control);
    }
    const ratio = formatSizeRatio(session.model.byteLength, run.output.byteLength);
    return `Compressed ${run.name} to ${formatBytes(run.output.byteLength)}: ${ratio}. Not measured yet.`;
  });
  await afterCompression(studio, modelId, task);
}

/** A wait that is shorter is not worth a sentence. */
const SHORT_MS = 200;

/**
 * No weight is finished before a reload would find it again. A job that an earlier visit left with
 * the same files is not replaced: it is offered, and this one ends.
 */
async function makeResumable(
  studio: Studio,
  modelId: string,
  { signal, enter }: JobControl,
): Promise<void> {
  const slow = setTimeout(() => enter('keep'), SHORT_MS);
  try {
    await jobKept(studio, modelId, signal);
  } finally {
    clearTimeout(slow);
  }
  if (studio.store.getState().session?.unfinished) throw new DOMException('', 'AbortError');
}

/** What was finished waits only for a job that can go on. */
async function afterCompression(studio: Studio, modelId: string, task: Task): Promise<void> {
  const { session } = studio.store.getState();
  const job = session?.model.id === modelId ? session.job : null;
  if (job?.status === 'asking') await timeCpu(studio, modelId);
  else if (job?.status === 'idle') await settleJob(studio, task);
  if (session?.model.id === modelId && session.unfinished) {
    const { name } = session.unfinished;
    notify(
      studio,
      'warn',
      `${name} of an earlier visit is unfinished: resume or discard it first.`,
    );
  }
}

/** The recipe's name; told apart by target, then by number, from runs that have it already. */
function runName({ recipe, runs }: Session): string {
  const taken = new Set(runs.map(({ name }) => name));
  if (!taken.has(recipe.name)) return recipe.name;
  const withTarget = `${recipe.name}, ${TARGETS[recipe.target].label}`;
  let name = withTarget;
  for (let n = 2; taken.has(name); n++) name = `${withTarget} ${n}`;
  return name;
}

/**
 * Ends a baseline that is being measured by itself: what the person asks for goes first, and the
 * benchmark after it measures the baseline anyway. False if the person cancelled meanwhile.
 */
export async function interruptBaseline(studio: Studio, { model, job }: Session): Promise<boolean> {
  if (job.status !== 'running') return true;
  updateSession(studio, model.id, () => ({ queued: true }));
  job.abort.abort();
  await job.settled;
  const { session } = studio.store.getState();
  const wanted = session?.model.id === model.id && session.queued;
  updateSession(studio, model.id, () => ({ queued: false }));
  return wanted;
}

export function setBenchmarkAfter(studio: Studio, benchmarkAfter: boolean): void {
  const { session } = studio.store.getState();
  if (session) updateSession(studio, session.model.id, () => ({ benchmarkAfter }));
}
