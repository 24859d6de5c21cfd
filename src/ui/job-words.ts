/** What a running job does, in words: for the progress bar, the stages table and the rows. */
import { TECHNIQUES } from '../catalog/techniques.ts';
import type { Backend } from '../core/backend.ts';
import type { Recipe, Step } from '../recipe/recipe.ts';
import { backendLabel, formatCount, formatDuration } from '../report/format.ts';
import { type Paces, wholeTime } from '../state/paces.ts';
import type { RunningJob } from '../state/run-job.ts';
import { type ListedStage, listStages, type StageSlot, subjectOf } from '../state/stage-list.ts';
import type { StageRecord } from '../state/stage-record.ts';
import type { Session } from '../state/state.ts';
import type { Task } from '../state/task.ts';

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
  const now = listStages(job).find(({ status }) => status === 'running');
  // A phase that says nothing of its stages goes by its own name.
  const record = now?.record?.phase === job.phase ? now.record : null;
  if (!now || !record) return { name: phaseName(job), count: '', left: '', share: 0 };
  const { done, total, least, elapsedMs, remainingMs } = record;
  const byTime = remainingMs === null ? 0 : elapsedMs / Math.max(1, elapsedMs + remainingMs);
  return {
    name: stageName(now, job.task),
    count: countWords(record),
    left: remainingMs ? `${formatDuration(remainingMs)} left` : '',
    share: least !== undefined ? byTime : total > 0 ? Math.min(1, done / total) : 0,
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
  return spent + (stages.at(-1)?.remainingMs ?? 0) > LONG_MS;
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

type Named = Pick<StageSlot, 'stage' | 'subject' | 'steps'> & { readonly backend?: Backend };

/** "Step 1 of 2: Round to nearest", "Latency on WebGPU, baseline". */
export function stageName(
  { slot, record }: Pick<ListedStage, 'slot' | 'record'>,
  task: Task,
): string {
  const named: Named | null = slot ?? (record && namedBy(record));
  if (!named) return '';
  const { stage, subject, steps, backend } = named;
  const where = backend ? ` on ${backendLabel(backend)}` : '';
  const of = subject === 'original' && task.recipe ? ', baseline' : '';
  switch (stage) {
    case 'load':
      return 'Load the model';
    case 'calibrate':
      return 'Calibrate';
    case 'reshape':
      return forSteps('Reshape', steps, task.recipe);
    case 'analyse':
      return forSteps('Analyse', steps, task.recipe);
    case 'compress':
      return stepsName(steps, task.recipe, 'Compress');
    case 'write':
      return 'Write';
    case 'session':
      return `Create session${where}${of}`;
    case 'truth':
      return `Truth check${where}${of}`;
    case 'latency':
      return `Latency${where}${of}`;
    case 'placement':
      return `Place operators${where}${of}`;
    case 'accuracy':
      return `Score rows${where}${of}`;
    case 'operators':
      return `Time operators${where}`;
  }
}

/** What was not foreseen is named by what it says of itself. */
const namedBy = (record: StageRecord): Named => {
  const { stage, step, backend } = record;
  const steps = step === undefined ? [] : [step];
  return { stage, subject: subjectOf(record), steps, ...(backend && { backend }) };
};

/** "Step 1 of 2: Round to nearest", "Steps 1, 2 of 4: Fewer neurons, Fewer heads". */
function stepsName(steps: readonly number[], recipe: Recipe | null, otherwise: string): string {
  const labels = steps.flatMap((step) => recipe?.steps[step] ?? []).map(labelOf);
  if (labels.length === 0 || !recipe) return otherwise;
  const numbers = steps.map((step) => step + 1).join(', ');
  const word = steps.length > 1 ? 'Steps' : 'Step';
  return `${word} ${numbers} of ${recipe.steps.length}: ${labels.join(', ')}`;
}

const labelOf = ({ technique }: Step): string => TECHNIQUES[technique].label;

/** "Reshape for step 1 of 4: Fewer neurons": before weights are compressed for it. */
function forSteps(what: string, steps: readonly number[], recipe: Recipe | null): string {
  const name = stepsName(steps, recipe, '');
  return name === '' ? what : `${what} for ${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;
}

/** How far a stage is: "2 of 37 weights, calibrating: row 96 of 207"; empty where nothing counts. */
export function countWords(record: StageRecord): string {
  const { done, total, least, within } = record;
  const rows = within && `row ${formatCount(within.done)} of ${formatCount(within.total)}`;
  const own =
    least !== undefined
      ? `${formatCount(done)} rows`
      : total > 1
        ? `${formatCount(done)} of ${formatCount(total)} ${counted(record.stage)}`.trim()
        : '';
  const more = within && `${within.what === 'calibrate' ? 'calibrating' : 'comparing'}: ${rows}`;
  return [own, more].filter(Boolean).join(', ');
}

/** What a stage that has not begun will count: "37 weights". */
export const plannedWords = ({ stage, total }: StageSlot): string =>
  total === null ? '' : `${formatCount(total)} ${counted(stage)}`;

/** "About 4 min 10 s left in all"; of what is not known yet it says when it will be. */
export function wholeWords(job: RunningJob, paces: Paces): string {
  if (job.outline.length === 0) return '';
  const { knownMs, unknown } = wholeTime(job, paces);
  const [next] = unknown;
  const time = formatDuration(knownMs);
  if (!next) return `About ${time} left in all`;
  const known = next.status === 'running' ? 'soon' : `from “${stageName(next, job.task)}” on`;
  return knownMs > 0
    ? `At least ${time} left in all, more ${known}`
    : `Time left in all: more ${known}`;
}

/** What a stage counts: "rows"; empty for one that counts nothing. */
function counted(stage: StageSlot['stage']): string {
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
    case 'load':
    case 'write':
    case 'session':
    case 'placement':
      return '';
  }
}
