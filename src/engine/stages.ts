/** Progress of a long job, stage by stage, with the time left where there is a basis for it. */
import type { StageProgress } from '../bridge/stage-progress.ts';

export interface Stage {
  /** - `more` — what is known better than by the pace so far */
  advance(done: number, current: string, more?: Pick<StageProgress, 'within'>): void;
}

/** So many in any case, then as many as there is time for. */
interface Budget {
  readonly least: number;
  readonly budgetMs: number;
}

export class Stages {
  readonly signal: AbortSignal;
  readonly stop: AbortSignal;
  readonly #report: (progress: StageProgress) => void;

  constructor(signal: AbortSignal, stop: AbortSignal, report: (progress: StageProgress) => void) {
    this.signal = signal;
    this.stop = stop;
    this.#report = report;
  }

  /** - `open` — of a stage that ends by a budget */
  begin(
    stage: StageProgress['stage'],
    total: number,
    of: Pick<StageProgress, 'backend' | 'ofOriginal'> = {},
    open?: Budget,
  ): Stage {
    const start = performance.now();
    const advance: Stage['advance'] = (done, current, more = {}) => {
      const elapsedMs = performance.now() - start;
      const pace = elapsedMs / done;
      const remainingMs = open
        ? Math.max(
            pace * (open.least - done),
            Math.min(open.budgetMs - elapsedMs, pace * (total - done)),
            0,
          )
        : pace * (total - done);
      this.#report({
        ...{ stage, done, total, current, elapsedMs },
        remainingMs: done > 0 ? remainingMs : null,
        ...(open && { least: open.least }),
        ...of,
        ...more,
      });
    };
    advance(0, '');
    return { advance };
  }
}
