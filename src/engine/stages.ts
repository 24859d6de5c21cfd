/** Progress of a long job, stage by stage, with the time left where there is a basis for it. */
import type { StageProgress } from '../bridge/stage-progress.ts';
import type { Backend } from '../core/backend.ts';

export interface Stage {
  /** `total` — a better estimate than the one the stage began with */
  advance(done: number, current: string, total?: number): void;
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

  begin(stage: StageProgress['stage'], total: number, backend?: Backend): Stage {
    const start = performance.now();
    let expected = total;
    const advance = (done: number, current: string, better = expected) => {
      expected = better;
      const elapsedMs = performance.now() - start;
      this.#report({
        stage,
        done,
        total: expected,
        current,
        elapsedMs,
        remainingMs: done > 0 ? (elapsedMs / done) * (expected - done) : null,
        ...(backend && { backend }),
      });
    };
    advance(0, '');
    return { advance };
  }
}
