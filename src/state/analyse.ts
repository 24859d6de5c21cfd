/** Making a size exact that depends on values, before anything is compressed. */
import { newId } from '../core/new-id.ts';
import { enabledOnly } from '../recipe/steps.ts';
import { formatBytes } from '../report/format.ts';
import type { PlannedStage } from '../report/plan-summary.ts';
import { interruptBaseline } from './compress.ts';
import { holdModel, loadSlots } from './measure-run.ts';
import { analysisOf, planRecipe } from './plan-recipe.ts';
import { runJob } from './run-job.ts';
import { settle } from './session-keeper.ts';
import { workSlot } from './stage-list.ts';
import type { State } from './state.ts';
import { notify, type Studio, updateSession } from './store.ts';
import type { Task } from './task.ts';

/** Why the recipe cannot be analysed now; null if it can. */
export function analyseObstacle({ session, device }: State): string | null {
  if (!session) return 'No model open';
  const { job, queued } = session;
  if (queued) return 'Starting';
  if (job.status === 'asking') return 'Paused: resume or cancel first';
  if (job.status === 'running' && job.task.kind !== 'baseline') return `Busy with ${job.task.name}`;
  if (device.status === 'known' && !device.summary.webgpu) {
    return 'Needs WebGPU; Compress finds it on the CPU';
  }
  return null;
}

/** Finds what the values of the model decide, so that the plan is exact; Compress does not find it again. */
export async function analyse(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  if (!session) return;
  const obstacle = analyseObstacle(studio.store.getState());
  if (obstacle !== null) {
    notify(studio, 'warn', `${obstacle}.`);
    return;
  }
  const { model } = session;
  const recipe = enabledOnly(session.recipe);
  const task: Task = {
    ...{ kind: 'analyse', runId: newId(), name: recipe.name, recipe },
    plannedBytes: null,
    startedAt: studio.effects.now(),
  };
  if (!(await interruptBaseline(studio, session))) return;
  await runJob(studio, model.id, task, async (control) => {
    const { stages } = await studio.desk.call('plan', [model.id, recipe], {
      signal: control.signal,
    });
    const isFound = ({ stage }: PlannedStage) => stage === 'reshape' || stage === 'analyse';
    control.expect([
      ...loadSlots(studio),
      ...stages.filter(isFound).map((stage) => workSlot(stage, recipe)),
    ]);
    await holdModel(studio, session, control);
    control.enter('analyse');
    const options = { executor: 'gpu', jobId: task.runId } as const;
    const found = await studio.engine.call('analyse', [model.id, recipe, options], {
      signal: control.signal,
      onProgress: (progress) => {
        control.progress(progress);
        if (progress.notice !== undefined) notify(studio, 'warn', progress.notice);
      },
    });
    await forget(studio, model.id);
    updateSession(studio, model.id, ({ planning }) => ({
      analysis: { recipe, found, jobId: task.runId },
      planning: { status: 'planning', plan: planning.plan, of: planning.of },
    }));
    await planRecipe(studio);
    return `Analysed ${recipe.name}.${sizeNow(studio.store.getState())}`;
  });
  const { session: after } = studio.store.getState();
  // Cancelled or failed: what was found by then is of no use.
  if (after?.analysis?.jobId !== task.runId) await settle(studio, task.runId);
}

/** Nothing where the recipe was changed meanwhile. */
function sizeNow({ session }: State): string {
  if (session?.planning.status !== 'ready' || !analysisOf(session)) return '';
  return ` It comes to ${formatBytes(session.planning.plan.byteLength)}, exactly.`;
}

/** Another analysis takes the place of the last one. */
async function forget(studio: Studio, modelId: string): Promise<void> {
  const { session } = studio.store.getState();
  const jobId = session?.model.id === modelId ? session.analysis?.jobId : null;
  if (jobId) await settle(studio, jobId);
}
