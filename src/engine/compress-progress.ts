/** Progress of weights, step by step; the time left goes by the work that is done. */
import type { CompressProgress } from '../bridge/compress-calls.ts';
import type { Within } from '../bridge/stage-progress.ts';
import { stepOfWeight } from '../plan/describe-weight.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import type { WeightRow } from '../report/report.ts';
import type { ShowsRows } from './calibrating.ts';
import { lowRankWork } from './low-rank-work.ts';
import { StageClock } from './stage-clock.ts';

/** Within a weight the page is told no more often. */
const INTERVAL_MS = 200;

interface StepWork {
  readonly clock: StageClock;
  done: number;
  total: number;
  /** Costs, as of `costOf`. */
  work: number;
  finished: number;
}

interface Stage {
  readonly stage: 'analyse' | 'compress';
  /** The step that the stage is of, for a weight. */
  readonly stepOf: (item: PlannedWeight) => number;
}

/** Weights are compressed for the last step that acts on them. */
export const COMPRESSING: Stage = { stage: 'compress', stepOf: stepOfWeight };

/** Ranks are found for the step that factorizes. */
export const FINDING_RANKS: Stage = {
  stage: 'analyse',
  stepOf: ({ factorize }) => factorize?.stepIndex ?? 0,
};

export class CompressReporter implements ShowsRows {
  readonly #stage: Stage;
  readonly #items: readonly PlannedWeight[];
  readonly #progress: (progress: CompressProgress) => void;
  readonly #places: ReadonlyMap<PlannedWeight, number>;
  readonly #steps = new Map<number, StepWork>();
  #count = 0;
  #toldAt = 0;
  #item: PlannedWeight | undefined;
  /** Calibrating passes after the latest one. */
  #passes = 0;

  /** - `items` — in the order in which they are worked on */
  constructor(
    stage: Stage,
    items: readonly PlannedWeight[],
    progress: (progress: CompressProgress) => void,
  ) {
    this.#stage = stage;
    this.#items = items;
    this.#progress = progress;
    this.#places = new Map(items.map((item, place) => [item, place]));
    for (const item of items) {
      const step = this.#of(item);
      step.total += 1;
      step.work += costOf(item);
    }
    this.#item = items[0];
    if (this.#item) this.#tell(this.#item, 0, {});
  }

  /** Found done by an earlier call: it took no time. */
  restored(item: PlannedWeight, row?: WeightRow): void {
    const step = this.#of(item);
    step.work -= costOf(item);
    this.#end(item, row);
  }

  settled(item: PlannedWeight, row?: WeightRow): void {
    const step = this.#of(item);
    this.#worked(item);
    step.finished += costOf(item);
    this.#end(item, row);
  }

  /** `share` of one weight is done. */
  within(item: PlannedWeight, share: number): void {
    if (performance.now() - this.#toldAt < INTERVAL_MS) return;
    this.#worked(item);
    this.#tell(item, share * costOf(item), {});
  }

  /** `share` of all is done, and `item` is what is worked on. */
  overall(item: PlannedWeight, share: number): void {
    if (performance.now() - this.#toldAt < INTERVAL_MS) return;
    this.#worked(item);
    this.#tell(item, share * this.#of(item).work, {});
  }

  calibrating(done: number, total: number, passes: number): void {
    const item = this.#item;
    if (!item) return;
    this.#passes = passes;
    this.#of(item).clock.passed(done, total);
    this.#tell(item, 0, { within: { what: 'calibrate', done, total } });
  }

  #of(item: PlannedWeight): StepWork {
    const index = this.#stage.stepOf(item);
    const known = this.#steps.get(index) ?? {
      ...{ clock: new StageClock(), done: 0, total: 0, work: 0, finished: 0 },
    };
    this.#steps.set(index, known);
    return known;
  }

  #worked(item: PlannedWeight): void {
    this.#of(item).clock.worked();
  }

  /** The step tells its end before the next one's begins. */
  #end(item: PlannedWeight, row: WeightRow | undefined): void {
    const step = this.#of(item);
    this.#count += 1;
    step.done += 1;
    const next = this.#items[(this.#places.get(item) ?? 0) + 1] ?? item;
    const isOther = this.#of(next) !== step;
    this.#tell(isOther ? item : next, 0, row ? { finished: [row] } : {});
    this.#item = next;
    if (!isOther) return;
    this.#of(next).clock.resume();
    this.#tell(next, 0, {});
  }

  #tell(
    item: PlannedWeight,
    part: number,
    more: { readonly finished?: readonly WeightRow[]; readonly within?: Within },
  ): void {
    this.#toldAt = performance.now();
    const { clock, done, total, work, finished } = this.#of(item);
    this.#progress({
      ...{ stage: this.#stage.stage, step: this.#stage.stepOf(item), done, total },
      current: item.weight.label,
      elapsedMs: clock.elapsedMs,
      ofAll: { done: this.#count, total: this.#items.length },
      remainingMs: clock.remainingMs(finished + part, work, this.#passes),
      finished: [],
      ...more,
    });
  }
}

/** Elements, by how much longer they take than rounding. */
function costOf({ view, prune, factorize, residual, parts }: PlannedWeight): number {
  const searches = parts.some(({ choice }) => choice.kind === 'quantized' && choice.clip);
  const factor =
    1 + (prune ? 1 : 0) + (searches ? 20 : 0) + (lowRankWork(view, factorize, residual) ?? 0) / 2;
  return view.K * view.N * factor;
}
