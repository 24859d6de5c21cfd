import type { CompressProgress } from '../bridge/protocol.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Phase } from '../report/report.ts';
import type { Computing } from './computing.ts';
import type { FinishedWork } from './finished-work.ts';
import type { OpenModel } from './models.ts';

/** What the parts of a compression share. */
export interface Job {
  readonly signal: AbortSignal;
  readonly progress: (progress: CompressProgress) => void;
  readonly open: OpenModel;
  readonly recipe: Recipe;
  readonly computing: Computing;
  readonly work: FinishedWork;
  /** Weights that could not be compressed, by name, with the reason: left alone. */
  readonly failed: Map<string, string>;
  readonly clock: Clock;
}

export class Clock {
  readonly phases: Phase[] = [];
  #last = performance.now();

  lap(name: string): void {
    const now = performance.now();
    this.phases.push({ name, durationMs: now - this.#last });
    this.#last = now;
  }
}
