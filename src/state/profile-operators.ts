import type { Backend } from '../core/backend.ts';
import { backendLabel } from '../report/format.ts';
import { runA, runB } from './compare.ts';
import { holdModel } from './measure-run.ts';
import type { Run } from './run.ts';
import { runJob } from './run-job.ts';
import { type Studio, updateSession } from './store.ts';
import type { Task } from './task.ts';

/** Of what was profiled of a run on a backend, in `Session.operators`. */
export const profileKey = ({ id }: Pick<Run, 'id'>, backend: Backend): string => `${backend} ${id}`;

/** Times A and B by operator on `backend`, one after the other. */
export async function profileOperators(studio: Studio, backend: Backend): Promise<void> {
  const { session } = studio.store.getState();
  if (!session) return;
  const { model, dataset } = session;
  const [a, b] = [runA(session), runB(session)];
  const runs = [a, b].filter((run) => run !== null);
  const task: Task = {
    kind: 'profile',
    runId: b?.id ?? '',
    name: runs.map(({ name }) => name).join(' and '),
    recipe: null,
    plannedBytes: null,
    startedAt: studio.effects.now(),
  };
  await runJob(studio, model.id, task, async (control) => {
    await holdModel(studio, session, control);
    control.enter('profile');
    for (const run of runs) {
      const request = { modelId: model.id, files: run.files, backend };
      const times = await studio.engine.call('operators', [request], {
        signal: control.signal,
        onProgress: (progress) => control.progress(progress),
      });
      updateSession(studio, model.id, (now) =>
        now.dataset === dataset
          ? { operators: new Map([...now.operators, [profileKey(run, backend), times]]) }
          : {},
      );
    }
    return `Profiled ${task.name} on ${backendLabel(backend)}.`;
  });
}
