/** What a running job does, in words: for the progress bar, the stages table and the rows. */
import { TECHNIQUES } from '../catalog/techniques.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { backendLabel, formatCount, formatDuration } from '../report/format.ts';
import type { RunningJob } from '../state/run-job.ts';
import { currentStage } from '../state/stages.ts';
import type { Session, StageRecord } from '../state/state.ts';

export interface Progress {
  /** Names the progress bar: "Step 1 of 2: Round to nearest". */
  readonly name: string;
  /** "22 of 37 weights"; empty before there is a count. */
  readonly count: string;
  /** "8 s left"; empty until there is an estimate. */
  readonly left: string;
  /** 0 to 1. */
  readonly share: number;
}

export function jobProgress(job: RunningJob): Progress {
  const stage = currentStage(job.stages.filter(({ phase }) => phase === job.phase));
  if (!stage) return { name: phaseName(job), count: '', left: '', share: 0 };
  const { done, total, remainingMs } = stage;
  return {
    name: stageName(stage, job),
    count:
      total > 1 ? `${formatCount(done)} of ${formatCount(total)} ${counted(stage)}`.trim() : '',
    left: remainingMs === null ? '' : `${formatDuration(remainingMs)} left`,
    share: total > 0 ? Math.min(1, done / total) : 0,
  };
}

/** The job that a person waits for: not the baseline's, which gives way, unless something waits behind it. */
export const waitedFor = ({ job, queued }: Pick<Session, 'job' | 'queued'>): RunningJob | null =>
  job.status === 'running' && (job.task.kind !== 'baseline' || queued) ? job : null;

/** Long enough that a person may look at another tab meanwhile. */
const LONG_MS = 60_000;

/** By what it took and is estimated to take; once long, a job stays long. */
export function isLong({ stages }: RunningJob): boolean {
  const spent = stages.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
  return spent + (currentStage(stages)?.remainingMs ?? 0) > LONG_MS;
}

/** Before a phase has said anything of itself. */
function phaseName({ phase, task }: RunningJob): string {
  switch (phase) {
    case 'load':
      return 'Load the model';
    case 'analyse':
      return `Analyse ${task.name}`;
    case 'keep':
      return 'Make it resumable';
    case 'compress':
      return `Compress ${task.name}`;
    case 'seal':
      return 'Hash and pack the output';
    case 'measure-baseline':
      return 'Measure the baseline';
    case 'measure':
      return `Measure ${task.name}`;
    case 'profile':
      return `Profile ${task.name}`;
  }
}

/** "Step 1 of 2: Round to nearest", "Latency on WebGPU, baseline". */
export function stageName(stage: StageRecord, { task }: RunningJob): string {
  const where = stage.backend ? ` on ${backendLabel(stage.backend)}` : '';
  const of = stage.phase === 'measure-baseline' && task.kind === 'compress' ? ', baseline' : '';
  switch (stage.stage) {
    case 'read':
      return 'Read weights';
    case 'calibrate':
      return 'Calibrate';
    case 'reshape':
      return 'Reshape';
    case 'analyse':
      return 'Analyse';
    case 'compress':
      return task.recipe && stage.step !== undefined
        ? stepName(stage.step, task.recipe)
        : 'Compress';
    case 'write':
      return 'Write';
    case 'session':
      return `Create session${where}${of}`;
    case 'truth':
      return `Truth check${where}${of}`;
    case 'latency':
      return `Latency${where}${of}`;
    case 'accuracy':
      return `Score rows${where}${of}`;
    case 'operators':
      return `Time operators${where}`;
  }
}

/** "Step 1 of 2: Round to nearest". */
export function stepName(step: number, recipe: Recipe): string {
  const chosen = recipe.steps[step];
  if (!chosen) return 'Compress';
  return `Step ${step + 1} of ${recipe.steps.length}: ${TECHNIQUES[chosen.technique].label}`;
}

/** What a stage counts: "rows"; empty for one that counts nothing. */
export function counted({ stage }: StageRecord): string {
  switch (stage) {
    case 'analyse':
    case 'compress':
      return 'weights';
    case 'reshape':
      return 'layers';
    case 'calibrate':
    case 'truth':
    case 'accuracy':
      return 'rows';
    case 'latency':
    case 'operators':
      return 'timed runs';
    case 'read':
    case 'write':
    case 'session':
      return '';
  }
}
