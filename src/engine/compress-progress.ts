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
  #toldAt = this.#start;
  /** By step: weights take turns in the file's order, whatever step acts on them. */
  readonly #steps = new Map<number, { done: number; total: number; elapsedMs: number }>();
  #working: number | null = null;

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
    for (const item of items) this.#of(stepOf(item)).total += 1;
    this.#tell(0, items[0], {});
  }

  /** Goes on with `item` after what others have told of, whose time is not its step's. */
  goesOn(item: PlannedWeight): void {
    this.#toldAt = performance.now();
    this.#tell(0, item, {});
  }

  restored(item: PlannedWeight, row?: WeightRow): void {
    this.#restored += costOf(item);
    this.#done(item);
    this.#tell(0, this.#next(item), row ? { finished: [row] } : {});
  }

  settled(item: PlannedWeight, row?: WeightRow): void {
    this.#finished += costOf(item);
    this.#done(item);
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

  #of(step: number) {
    const known = this.#steps.get(step) ?? { done: 0, total: 0, elapsedMs: 0 };
    this.#steps.set(step, known);
    return known;
  }

  /** Told of its own step, too, where the next weight is another one's. */
  #done(item: PlannedWeight): void {
    const step = stepOf(item);
    this.#count += 1;
    this.#of(step).done += 1;
    this.#working = step;
    const next = this.#next(item);
    if (next && stepOf(next) !== step) this.#tell(0, item, {});
  }

  #next(item: PlannedWeight): PlannedWeight | undefined {
    return this.#items[(this.#places.get(item) ?? 0) + 1] ?? item;
  }

  #tell(
    part: number,
    item: PlannedWeight | undefined,
    more: Partial<Pick<CompressProgress, 'finished'>>,
  ): void {
    const now = performance.now();
    const step = item ? stepOf(item) : 0;
    this.#of(this.#working ?? step).elapsedMs += now - this.#toldAt;
    this.#working = step;
    this.#toldAt = now;
    const elapsedMs = now - this.#start;
    const done = this.#finished + part;
    const left = this.#total - this.#restored - done;
    this.#progress({
      stage: this.#stage,
      step,
      done: this.#count,
      total: this.#items.length,
      current: item?.weight.label ?? '',
      elapsedMs,
      ofStep: { ...this.#of(step) },
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
