import { TARGETS } from '../catalog/targets.ts';
import { formatBytes, formatSizeRatio } from '../report/format.ts';
import { holdModel, measureWithBaseline } from './measure-run.ts';
import { sameRecipe } from './recipe-name.ts';
import { compressedRun } from './run.ts';
import { runJob } from './run-job.ts';
import type { Session } from './state.ts';
import { notify, type Studio, updateSession } from './store.ts';
import type { Task } from './task.ts';
import { weighGzip } from './weigh-gzip.ts';

/** Why Compress cannot be pressed now; null if it can. */
export function compressObstacle(session: Session): string | null {
  const { job, model, planning, queued, recipe, runs } = session;
  if (queued) return 'Starting';
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
  const { model, recipe, planning, benchmarkAfter } = session;
  const task: Task = {
    kind: 'compress',
    runId: crypto.randomUUID(),
    name: runName(session),
    recipe,
    plannedBytes: planning.plan?.byteLength ?? null,
    startedAt: studio.effects.now(),
  };
  if (!(await interruptBaseline(studio, session))) return;
  await runJob(studio, model.id, task, async (control) => {
    await holdModel(studio, session, control);
    control.enter('compress');
    const finished = new Map();
    const compressed = await studio.engine.call('compress', [model.id, recipe], {
      signal: control.signal,
      onProgress: (progress) => {
        for (const row of progress.finished) finished.set(row.name, row);
        control.progress(
          progress,
          progress.finished.length > 0 ? { finished: new Map(finished) } : {},
        );
      },
    });
    control.enter('seal');
    const hashes = await studio.desk.call('hash', [compressed.files], { signal: control.signal });
    const run = compressedRun(task, compressed, hashes);
    updateSession(studio, model.id, ({ runs }) => ({
      runs: [...runs, run],
      selectedRunId: run.id,
    }));
    void weighGzip(studio, model.id, run.id, compressed.files);
    if (benchmarkAfter) return measureWithBaseline(studio, model.id, run.id, control);
    const ratio = formatSizeRatio(model.byteLength, run.output.byteLength);
    return `Compressed ${run.name} to ${formatBytes(run.output.byteLength)}: ${ratio}. Not measured yet.`;
  });
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
async function interruptBaseline(studio: Studio, { model, job }: Session): Promise<boolean> {
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
