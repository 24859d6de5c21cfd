/** The compression whose weights are shown as they get finished. */
import type { WeightRow } from '../report/report.ts';
import type { Session } from './state.ts';
import type { Task } from './task.ts';

export interface WorkInView {
  readonly task: Task;
  /** Weights compressed so far, by name. */
  readonly finished: ReadonlyMap<string, WeightRow>;
}

/** One that goes on or was stopped by a lost GPU; null once its run stands among the others. */
export function workInView({ job }: Session): WorkInView | null {
  if (job.status === 'asking') return job.why === 'device-lost' ? job : null;
  const compresses =
    job.status === 'running' &&
    job.task.kind === 'compress' &&
    (job.phase === 'compress' || job.phase === 'seal');
  return compresses ? job : null;
}
