/** Progress by weight; the time left goes by the work that is done. */
import type { CompressProgress } from '../bridge/compress-calls.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import type { WeightRow } from '../report/report.ts';
import { lowRankWork } from './low-rank-work.ts';

/** Within a weight the page is told no more often. */
const INTERVAL_MS = 200;

export class CompressReporter {
  readonly #stage: 'analyse' | 'compress';
  readonly #items: readonly PlannedWeight[];
  readonly #progress: (progress: CompressProgress) => void;
  readonly #places: ReadonlyMap<PlannedWeight, number>;
  readonly #start = performance.now();
  readonly #total: number;
  #finished = 0;
  /** Found done by an earlier call: they took no time. */
  #restored = 0;
  #count = 0;
  #toldAt = 0;

  constructor(
    stage: 'analyse' | 'compress',
    items: readonly PlannedWeight[],
    progress: (progress: CompressProgress) => void,
  ) {
    this.#stage = stage;
    this.#items = items;
    this.#progress = progress;
    this.#places = new Map(items.map((item, place) => [item, place]));
    this.#total = items.reduce((sum, item) => sum + costOf(item), 0);
    this.#tell(0, items[0], {});
  }

  restored(item: PlannedWeight, row?: WeightRow): void {
    this.#restored += costOf(item);
    this.#count += 1;
    this.#tell(0, this.#next(item), row ? { finished: [row] } : {});
  }

  settled(item: PlannedWeight, row?: WeightRow): void {
    this.#finished += costOf(item);
    this.#count += 1;
    this.#tell(0, this.#next(item), row ? { finished: [row] } : {});
  }

  /** `share` of one weight is done. */
  within(item: PlannedWeight, share: number): void {
    if (performance.now() - this.#toldAt < INTERVAL_MS) return;
    this.#tell(share * costOf(item), item, {});
  }

  /** `share` of all is done, and `item` is what is worked on. */
  overall(item: PlannedWeight, share: number): void {
    if (performance.now() - this.#toldAt < INTERVAL_MS) return;
    this.#tell(share * this.#total, item, {});
  }

  #next(item: PlannedWeight): PlannedWeight | undefined {
    return this.#items[(this.#places.get(item) ?? 0) + 1] ?? item;
  }

  #tell(
    part: number,
    item: PlannedWeight | undefined,
    more: Partial<Pick<CompressProgress, 'finished'>>,
  ): void {
    this.#toldAt = performance.now();
    const elapsedMs = this.#toldAt - this.#start;
    const done = this.#finished + part;
    const left = this.#total - this.#restored - done;
    this.#progress({
      stage: this.#stage,
      step: item ? stepOf(item) : 0,
      done: this.#count,
      total: this.#items.length,
      current: item?.weight.label ?? '',
      elapsedMs,
      remainingMs: done > 0 ? (elapsedMs / done) * left : null,
      finished: [],
      ...more,
    });
  }
}

/** The last step that acts on the weight. */
const stepOf = ({ parts, prune, factorize, residual }: PlannedWeight): number =>
  residual?.stepIndex ?? parts[0]?.stepIndex ?? factorize?.stepIndex ?? prune?.stepIndex ?? 0;

/** Elements, by how much longer they take than rounding. */
function costOf({ view, prune, factorize, residual, parts }: PlannedWeight): number {
  const searches = parts.some(({ choice }) => choice.kind === 'quantized' && choice.clip);
  const factor =
    1 + (prune ? 1 : 0) + (searches ? 20 : 0) + (lowRankWork(view, factorize, residual) ?? 0) / 2;
  return view.K * view.N * factor;
}
