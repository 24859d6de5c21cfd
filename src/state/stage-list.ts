/** What a job is going to come to, and what it came to: one list, in the order in which it runs. */
import type { StageKind, StageProgress } from '../bridge/stage-progress.ts';
import type { Backend } from '../core/backend.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { PlannedStage } from '../report/plan-summary.ts';
import type { Phase, StageRecord } from './stage-record.ts';
import { kindOf } from './step-kind.ts';

/** A stage that a job is to come to. */
export interface StageSlot {
  readonly stage: StageKind;
  /** What is measured, or worked on. */
  readonly subject: Subject;
  readonly backend?: Backend;
  /** Indices of the recipe's steps that it is of. */
  readonly steps: readonly number[];
  /** What it counts: rows, weights; null if that is not known before. */
  readonly total: number | null;
  /** Its size, in what its time grows with. */
  readonly work: number;
  /** Stages of one pace take the same time for the same work. */
  readonly pace: string;
  /** A pace to go by while its own is not known, and how many times as long it takes. */
  readonly alike?: { readonly pace: string; readonly times: number };
}

export type Subject = 'run' | 'original';

/** Of a running job. */
export interface Staged {
  readonly outline: readonly StageSlot[];
  /** The one that was told last at the end. */
  readonly stages: readonly StageRecord[];
}

export interface ListedStage {
  readonly key: string;
  /** null where the job came to something that was not foreseen. */
  readonly slot: StageSlot | null;
  /** null until it begins. */
  readonly record: StageRecord | null;
  /** `over`: the job has gone on without it. */
  readonly status: 'waiting' | 'running' | 'done' | 'over';
}

export const subjectOf = ({ phase, ofOriginal }: StageRecord): Subject =>
  ofOriginal || phase === 'measure-baseline' ? 'original' : 'run';

export function keyOf(it: StageRecord | StageSlot): string {
  const isRecord = 'phase' in it;
  const subject = isRecord ? subjectOf(it) : it.subject;
  const step = isRecord ? it.step : it.steps[0];
  // Reshaping takes its steps together.
  const own = it.stage === 'analyse' || it.stage === 'compress' ? (step ?? '') : '';
  return [subject, it.stage, it.backend ?? '', own].join(' ');
}

/** Every stage, from the beginning to the end. */
export function listStages({ outline, stages }: Staged): readonly ListedStage[] {
  const slots = new Map(outline.map((slot) => [keyOf(slot), slot]));
  const records = new Map(stages.map((record) => [keyOf(record), record]));
  const order = [...slots.keys()];
  let before: string | null = null;
  for (const record of stages.toSorted((a, b) => a.began - b.began)) {
    const key = keyOf(record);
    if (!slots.has(key)) order.splice(before === null ? 0 : order.indexOf(before) + 1, 0, key);
    before = key;
  }
  const now = stages.at(-1);
  const running = now && keyOf(now);
  const latest = order.findLastIndex((key) => records.has(key));
  return order.map((key, index) => {
    const record = records.get(key) ?? null;
    const status =
      key === running ? 'running' : record ? 'done' : index < latest ? 'over' : 'waiting';
    return { key, slot: slots.get(key) ?? null, record, status };
  });
}

/**
 * The latest message of each stage, the one that was told last at the end. A stage has ended when
 * another begins: its last message may have come long before.
 */
export function withStage(
  stages: Staged['stages'],
  phase: Phase,
  progress: StageProgress,
): Staged['stages'] {
  const now = performance.now();
  const told = { ...progress, phase, began: now - progress.elapsedMs };
  const key = keyOf(told);
  const before = stages.find((it) => keyOf(it) === key);
  const last = stages.at(-1);
  const others = stages.filter((it) => it !== before);
  const ended = others.map((it) =>
    it === last && !before ? { ...it, elapsedMs: Math.max(it.elapsedMs, now - it.began) } : it,
  );
  return [...ended, before ? { ...told, began: before.began } : told];
}

/** Of a stage that has no figures but its time. */
export const begun = (stage: StageKind): StageProgress => ({
  ...{ stage, done: 0, total: 1, current: '', elapsedMs: 0, remainingMs: null },
});

/** Weights compressed, of those that the job takes; null before it came to that. */
export function weightsOf(
  stages: Staged['stages'],
): { readonly done: number; readonly total: number } | null {
  const latest = stages.findLast(({ stage }) => stage === 'compress');
  return latest ? (latest.ofAll ?? latest) : null;
}

/** Of the job as a whole, and of a size of its own. */
export const oneSlot = (stage: StageKind): StageSlot => ({
  ...{ stage, subject: 'run', steps: [], total: null, work: 1, pace: stage },
});

/** Of the work on weights; steps of one kind have one pace. */
export const workSlot = (
  { stage, steps, weightCount, elementCount }: PlannedStage,
  recipe: Recipe,
): StageSlot => ({
  ...{ stage, subject: 'run', steps, total: weightCount, work: elementCount },
  pace: [stage, ...steps.flatMap((index) => recipe.steps[index] ?? []).map(kindOf)].join(' '),
});
