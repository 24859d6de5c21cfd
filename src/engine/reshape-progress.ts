/** Progress by layer that cut units feed: each is judged, and refitted where a step asks for it. */
import type { CompressProgress } from '../bridge/compress-calls.ts';
import { elementCount } from '../core/shape.ts';
import type { Graph } from '../model/model.ts';
import type { PlannedCut, Structure } from '../plan/structure/structure.ts';
import type { ShowsRows } from './calibrating.ts';
import { StageClock } from './stage-clock.ts';

/** The page is told no more often. */
const INTERVAL_MS = 200;

export class ReshapeProgress implements ShowsRows {
  readonly #progress: (progress: CompressProgress) => void;
  readonly #total: number;
  readonly #work: number;
  readonly #clock = new StageClock();
  #done = 0;
  #finished = 0;
  #toldAt = 0;
  #current = '';
  /** Calibrating passes after the latest one. */
  #passes = 0;
  /** Layers that are still to be tried alone, a pass each. */
  trials = 0;

  /** `graph` — before the cuts */
  constructor({ cuts }: Structure, graph: Graph, progress: (progress: CompressProgress) => void) {
    this.#progress = progress;
    const costs = cuts.flatMap((cut) => {
      const own = cut.group.takers.map((taker) =>
        cutWork(cut, graph.tensors.get(taker.tensor)?.dims ?? [], taker.axis),
      );
      return own.flatMap(({ judging, refitting }) =>
        refitting > 0 ? [judging, refitting] : [judging],
      );
    });
    this.#total = costs.length;
    this.#work = costs.reduce((sum, cost) => sum + cost, 0);
  }

  calibrating(done: number, total: number, passes: number): void {
    this.#passes = passes;
    this.#clock.passed(done, total);
    this.#tell(0, this.#current, { within: { what: 'calibrate', done, total } });
  }

  /** `share` of a piece of `work` is done. */
  within(work: number, share: number, current: string): void {
    if (performance.now() - this.#toldAt < INTERVAL_MS) return;
    this.#clock.worked();
    this.#tell(work * share, current);
  }

  finish(work: number, current: string): void {
    this.#clock.worked();
    this.#done += 1;
    this.#finished += work;
    this.#tell(0, current);
  }

  #tell(part: number, current: string, more: Pick<CompressProgress, 'within'> = {}): void {
    this.#toldAt = performance.now();
    this.#current = current;
    const { elapsedMs } = this.#clock;
    // What stays of layers that share is not what their refits were planned for.
    const worked = Math.min(this.#finished + part, this.#work);
    this.#progress({
      ...{ stage: 'reshape', done: this.#done, total: this.#total, current, elapsedMs },
      remainingMs: this.#clock.remainingMs(worked, this.#work, this.#passes + this.trials),
      finished: [],
      ...more,
    });
  }
}

/** Multiplications, roughly, by which a layer of `dims` before the cut is judged and refitted. */
export function cutWork(
  { spec, group, kept }: PlannedCut,
  dims: readonly number[],
  inputAxis: number,
): { readonly judging: number; readonly refitting: number } {
  const K = (dims[inputAxis] ?? 1) * elementCount(dims.slice(2));
  const N = dims[1 - inputAxis] ?? 1;
  const left = Math.ceil((K * kept) / Math.max(1, group.units.length));
  return {
    judging: spec.score === 'loss' ? K * K * (K + N) : K * N,
    refitting: spec.reconstruct ? left * left * (left / 6 + 2 * N) + (K - left) * left * N : 0,
  };
}
