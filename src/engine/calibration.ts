/**
 * Statistics of the inputs of a plan's weights, taken when the first of them is asked for: in groups
 * of weights whose statistics fit a memory budget, one pass of the runtime over the rows a group.
 */
import type { Wanted } from '../bench/calibrate.ts';
import { assert } from '../core/assert.ts';
import type { Rows } from '../dataset/rows.ts';
import type { OnnxModel } from '../formats/onnx/onnx-model.ts';
import { graphsOf } from '../model/graphs.ts';
import type { InputStatistics } from '../model/statistics.ts';
import type { NeededStatistics, WeightNeed } from '../plan/needed-statistics.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import { type InputSource, inputsOfWeight } from '../plan/weight-inputs.ts';
import type { OpenModel } from './models.ts';
import { type StatisticsCache, statisticsBytes, statisticsOf } from './statistics-cache.ts';

/** Of the statistics that one pass takes, and of those that are kept for the next run. */
export const BUDGET_BYTES = 512e6;

/** What is known of a weight's inputs, or why nothing is. */
export type Calibrated =
  | { readonly statistics: InputStatistics; readonly reason: null }
  | { readonly statistics: null; readonly reason: string };

export interface CalibrationContext {
  readonly signal: AbortSignal;
  /** Rows done of those of the pass that runs; passes that the plan still needs after it. */
  readonly onRow: (done: number, total: number, passes?: number) => void;
}

export interface Divergence {
  readonly value: number;
  /** Mean KL in nats; of outputs that are no classes, the error's share of their energy. */
  readonly measure: 'kl' | 'error';
}

/** Whoever can run the original over its calibration rows. */
export interface Calibrator {
  /** The rows to calibrate with, or why there are none. @throws the signal's reason */
  rows(
    open: OpenModel,
    signal: AbortSignal,
  ): Promise<{ readonly rows: Rows } | { readonly reason: string }>;
  /** Statistics of each of `wanted` over the first `count` rows. @throws runtime-failed */
  pass(
    open: OpenModel,
    wanted: readonly Wanted[],
    rows: { readonly rows: Rows; readonly count: number },
    context: CalibrationContext,
  ): Promise<readonly InputStatistics[]>;
  /** How far the answers of `changed` are from the original's over the first `count` rows. @throws as `pass` */
  divergence(
    open: OpenModel,
    changed: OnnxModel,
    rows: { readonly rows: Rows; readonly count: number },
    context: CalibrationContext,
  ): Promise<Divergence>;
}

interface Item extends NeededStatistics {
  readonly key: string;
  readonly K: number;
  readonly sources: readonly InputSource[];
}

export class Calibration {
  readonly #open: OpenModel;
  readonly #calibrator: Calibrator;
  readonly #budgetBytes: number;
  /** In the order of the plan. */
  readonly #items = new Map<string, Item>();
  readonly #reasons = new Map<string, string>();

  constructor(
    open: OpenModel,
    wanted: readonly WeightNeed[],
    calibrator: Calibrator,
    budgetBytes = BUDGET_BYTES,
  ) {
    this.#open = open;
    this.#calibrator = calibrator;
    this.#budgetBytes = budgetBytes;
    const graphs = graphsOf(open.model);
    for (const { weight, view, needed } of wanted) {
      const inputs = inputsOfWeight(weight, view, graphs);
      if ('reason' in inputs) {
        this.#reasons.set(weight.name, inputs.reason);
        continue;
      }
      const { sources } = inputs;
      const key = JSON.stringify([open.variant ?? '', needed.rows, view.K, sources]);
      this.#items.set(weight.name, { ...needed, key, K: view.K, sources });
    }
  }

  /** null: no step of the plan asks. @throws runtime-failed; the signal's reason */
  async of(
    { weight }: Pick<PlannedWeight, 'weight'>,
    context: CalibrationContext,
  ): Promise<Calibrated | null> {
    const reason = this.#reasons.get(weight.name);
    if (reason) return { statistics: null, reason };
    const item = this.#items.get(weight.name);
    if (!item) return null;
    const found = await this.#calibrator.rows(this.#open, context.signal);
    if ('reason' in found) return { statistics: null, reason: found.reason };
    const { rows } = found;
    const cache = statisticsOf(rows, this.#budgetBytes);
    const known = cache.get(item.key, item.kind);
    if (known) return { statistics: known, reason: null };
    const group = this.#groupFrom(weight.name, item, cache);
    const statistics = (await this.#pass(group, { rows, cache }, context)).get(item.key);
    assert(statistics, `the pass takes ${weight.name}`);
    return { statistics, reason: null };
  }

  /** `first` and those after it that are not known, as far as the budget goes. */
  #groupFrom(name: string, first: Item, cache: StatisticsCache): readonly Item[] {
    const group = new Map<string, Item>();
    let bytes = 0;
    let begun = false;
    for (const [own, item] of this.#items) {
      begun ||= own === name;
      if (!begun || item.rows !== first.rows || cache.get(item.key, item.kind)) continue;
      const before = group.get(item.key);
      const kind = before?.kind === 'gram' ? 'gram' : item.kind;
      const more = before ? statisticsBytes(item.K, before.kind) : 0;
      const next = bytes - more + statisticsBytes(item.K, kind);
      if (next > this.#budgetBytes && group.size > 0) break;
      bytes = next;
      group.set(item.key, { ...item, kind });
    }
    return [...group.values()];
  }

  /** At least so many more, by the bytes of what is not known. */
  #passesAfter(group: readonly Item[], cache: StatisticsCache): number {
    const taken = new Set(group.map(({ key }) => key));
    const left = new Map<string, number>();
    for (const { key, K, kind } of this.#items.values()) {
      if (taken.has(key) || cache.get(key, kind)) continue;
      left.set(key, Math.max(left.get(key) ?? 0, statisticsBytes(K, kind)));
    }
    const bytes = [...left.values()].reduce((sum, it) => sum + it, 0);
    return Math.ceil(bytes / this.#budgetBytes);
  }

  async #pass(
    group: readonly Item[],
    { rows, cache }: { readonly rows: Rows; readonly cache: StatisticsCache },
    context: CalibrationContext,
  ): Promise<ReadonlyMap<string, InputStatistics>> {
    cache.makeRoom(group.reduce((sum, { K, kind }) => sum + statisticsBytes(K, kind), 0));
    const wanted = group.map(({ K, kind, sources }): Wanted => ({ K, kind, sources }));
    const count = Math.min(rows.count, group[0]?.rows ?? 0);
    const passes = this.#passesAfter(group, cache);
    const all = await this.#calibrator.pass(
      this.#open,
      wanted,
      { rows, count },
      { ...context, onRow: (done, total) => context.onRow(done, total, passes) },
    );
    const taken = new Map<string, InputStatistics>();
    for (const [index, { key }] of group.entries()) {
      const statistics = all[index];
      assert(statistics, `the pass takes ${key}`);
      taken.set(key, statistics);
      cache.put(key, statistics);
    }
    return taken;
  }
}
