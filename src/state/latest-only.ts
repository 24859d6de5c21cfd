import type { StageProgress } from '../bridge/stage-progress.ts';

/** Ten times a second is as much as a person reads, and little enough to draw. */
const INTERVAL_MS = 100;

/**
 * Hands on the newest progress at most ten times a second, and the last of each stage in any case.
 * What `more` holds is merged, so that nothing which is said once is lost.
 */
export function latestOnly<M extends object>(
  show: (progress: StageProgress, more: M) => void,
): {
  readonly take: (progress: StageProgress, more?: M) => void;
  readonly flush: () => void;
  readonly drop: () => void;
} {
  let waiting: { progress: StageProgress; more: M } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const drop = () => {
    clearTimeout(timer);
    timer = undefined;
    waiting = null;
  };
  const showWaiting = () => {
    const shown = waiting;
    waiting = null;
    if (shown) show(shown.progress, shown.more);
    return shown !== null;
  };
  const rest = () => {
    timer = setTimeout(() => {
      timer = undefined;
      if (showWaiting()) rest();
    }, INTERVAL_MS);
  };
  const take = (progress: StageProgress, more?: M) => {
    if (waiting && !sameStage(waiting.progress, progress)) showWaiting();
    waiting = { progress, more: { ...(waiting?.more as M), ...(more as M) } };
    if (timer !== undefined) return;
    showWaiting();
    rest();
  };
  const flush = () => {
    showWaiting();
    drop();
  };
  return { take, flush, drop };
}

export const sameStage = (a: StageProgress, b: StageProgress): boolean =>
  a.stage === b.stage &&
  a.backend === b.backend &&
  a.step === b.step &&
  a.ofOriginal === b.ofOriginal;
