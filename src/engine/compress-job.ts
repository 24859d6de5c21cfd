import type { CompressProgress } from '../bridge/compress-calls.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Phase } from '../report/report.ts';
import type { FinishedWeights } from '../storage/finished-weights.ts';
import type { Calibrator } from './calibration.ts';
import { Computing, type Executors } from './computing.ts';
import { FinishedWork } from './finished-work.ts';
import type { WorkOnPlan } from './latest-job.ts';
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
  readonly calibrator: Calibrator;
  /** By weight, what reshaping has to say of it. */
  readonly notes: ReadonlyMap<string, string>;
}

/** For jobs that cannot run the original. */
const NO_CALIBRATOR: Calibrator = {
  rows: async () => ({ reason: 'nothing runs the model here' }),
  pass: () => {
    throw new Error('without rows there is no pass');
  },
  divergence: () => {
    throw new Error('without rows nothing is compared');
  },
};

export interface JobContext {
  readonly signal: AbortSignal;
  readonly progress: (progress: CompressProgress) => void;
  readonly executors: Executors;
  /** What earlier calls of the same job finished; null keeps nothing beyond this one. */
  readonly finished?: FinishedWeights | null;
  /** What steps that calibrate need. */
  readonly calibrator?: Calibrator;
  /** Told of the plan whenever it is another one. */
  readonly onPlan?: (current: WorkOnPlan) => void;
}

const RETRYING = 'The GPU was lost. Going on with a new one.';

export function beginJob(
  open: OpenModel,
  recipe: Recipe,
  { signal, progress, executors, finished = null, calibrator = NO_CALIBRATOR }: JobContext,
): Job {
  let notice: string | null = null;
  const computing = new Computing(executors, () => {
    notice = RETRYING;
  });
  const tell = (latest: CompressProgress) => {
    progress(notice === null ? latest : { ...latest, notice });
    notice = null;
  };
  return {
    ...{ signal, open, recipe, computing, calibrator, progress: tell },
    work: new FinishedWork(finished),
    failed: new Map(),
    notes: new Map(),
    clock: new Clock(),
  };
}

export class Clock {
  readonly #phases = new Map<string, number>();
  #last = performance.now();

  /** In the order in which they began. */
  get phases(): readonly Phase[] {
    return [...this.#phases].map(([name, durationMs]) => ({ name, durationMs }));
  }

  /** What passed since the last lap was `name`; phases that come again are added up. */
  lap(name: string): void {
    const now = performance.now();
    const durationMs = now - this.#last;
    this.#last = now;
    const before = this.#phases.get(name) ?? 0;
    this.#phases.set(name, before + durationMs);
  }
}
