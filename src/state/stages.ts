/** Stages of a running job: they follow each other, or take turns. */
import type { StageProgress } from '../bridge/stage-progress.ts';
import { sameStage } from './latest-only.ts';
import type { Phase, StageRecord } from './state.ts';

/**
 * The stages with the latest message, in the order in which they began.
 * - `now` — milliseconds of the page's clock
 */
export function withStage(
  stages: readonly StageRecord[],
  phase: Phase,
  progress: StageProgress,
  now: number,
): readonly StageRecord[] {
  const same = (it: StageRecord) => it.phase === phase && sameStage(it, progress);
  const toldAt = now;
  if (stages.some(same)) {
    return stages.map((it) => (same(it) ? { ...it, ...progress, toldAt } : it));
  }
  const before = currentStage(stages);
  const ended = stages.map((it) =>
    it === before ? { ...it, elapsedMs: it.elapsedMs + now - it.toldAt } : it,
  );
  return [...ended, { ...progress, phase, toldAt }];
}

/** What the job is at: the stage that was told of last. */
export const currentStage = (stages: readonly StageRecord[]): StageRecord | undefined =>
  stages.reduce<StageRecord | undefined>(
    (latest, it) => (latest === undefined || it.toldAt >= latest.toldAt ? it : latest),
    undefined,
  );
