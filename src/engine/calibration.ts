/**
 * Statistics of the inputs of a plan's weights, taken when the first of them is asked for: in groups
 * of weights whose statistics fit a memory budget, one pass of the runtime over the rows a group.
 */
import { calibrate, type Wanted } from '../bench/calibrate.ts';
import { type GramSession, openGramSession } from '../bench/gram-session.ts';
import { createSession } from '../bench/session.ts';
import { GRAM, gramModel } from '../formats/onnx/gram-model.ts';
import { withMoreOutputs } from '../formats/onnx/more-outputs.ts';
import { graphsOf } from '../model/graphs.ts';
import type { InputStatistics } from '../model/statistics.ts';
import { type NeededStatistics, neededStatistics } from '../plan/needed-statistics.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import { type InputSource, inputsOfWeight } from '../plan/weight-inputs.ts';
import type { OpenModel } from './models.ts';
import { originalOf } from './original.ts';
import { type StatisticsCache, statisticsBytes, statisticsOf } from './statistics-cache.ts';

/** Of the statistics that one pass takes, and of those that are kept for the next run. */
const BUDGET_BYTES = 512e6;

/** What is known of a weight's inputs, or why nothing is. */
export type Calibrated =
  | { readonly statistics: InputStatistics; readonly reason: null }
  | { readonly statistics: null; readonly reason: string };

export interface CalibrationContext {
  readonly signal: AbortSignal;
  /** Rows done of those of the pass that runs. */
  readonly onRow: (done: number, total: number) => void;
}

interface Item extends NeededStatistics {
  readonly key: string;
  readonly K: number;
  readonly sources: readonly InputSource[];
}

export class Calibration {
  readonly #open: OpenModel;
  readonly #budgetBytes: number;
  /** In the order of the plan. */
  readonly #items = new Map<string, Item>();
  readonly #reasons = new Map<string, string>();

  constructor(open: OpenModel, { planned, recipe }: Plan, budgetBytes = BUDGET_BYTES) {
    this.#open = open;
    this.#budgetBytes = budgetBytes;
    const graphs = graphsOf(open.model);
    for (const item of planned) {
      const { weight, view } = item;
      const needed = neededStatistics(item, recipe);
      if (!needed) continue;
      const inputs = inputsOfWeight(weight, view, graphs);
      if ('reason' in inputs) {
        this.#reasons.set(weight.name, inputs.reason);
        continue;
      }
      const { sources } = inputs;
      const key = JSON.stringify([needed.rows, view.K, sources]);
      this.#items.set(weight.name, { ...needed, key, K: view.K, sources });
    }
  }

  /** null: no step of the plan asks. @throws runtime-failed; the signal's reason */
  async of({ weight }: PlannedWeight, context: CalibrationContext): Promise<Calibrated | null> {
    const reason = this.#reasons.get(weight.name);
    if (reason) return { statistics: null, reason };
    const item = this.#items.get(weight.name);
    if (!item) return null;
    const original = originalOf(this.#open);
    const unfit = await original.fitRows(context.signal);
    if (unfit !== null) return { statistics: null, reason: unfit };
    const { calibration } = original.dataset;
    if (calibration.count === 0) return { statistics: null, reason: NO_ROWS };
    const cache = statisticsOf(calibration, this.#budgetBytes);
    const known = cache.get(item.key, item.kind);
    if (known) return { statistics: known, reason: null };
    const taken = await this.#pass(this.#groupFrom(weight.name, item, cache), cache, context);
    const statistics = taken.get(item.key);
    if (!statistics) throw new Error(`the pass takes ${weight.name}`);
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

  async #pass(
    group: readonly Item[],
    cache: StatisticsCache,
    { signal, onRow }: CalibrationContext,
  ): Promise<ReadonlyMap<string, InputStatistics>> {
    const original = originalOf(this.#open);
    const { graph: main } = this.#open.model;
    const seen = new Set([...main.inputs, ...main.outputs].map(({ name }) => name));
    const values = new Set(group.flatMap(({ sources }) => sources.map(({ value }) => value)));
    const { graph, externalFiles } = original.sessionFiles;
    const rows = original.dataset.calibration;
    const count = Math.min(rows.count, group[0]?.rows ?? 0);
    const extended = withMoreOutputs(
      graph,
      [...values].filter((value) => !seen.has(value)),
    );
    cache.makeRoom(group.reduce((sum, { K, kind }) => sum + statisticsBytes(K, kind), 0));
    const session = await createSession(extended, 'wasm', { externalFiles });
    let gram: GramSession | null = null;
    try {
      gram = await openGramSession(gramModel(), GRAM);
      const wanted = group.map(({ K, kind, sources }): Wanted => ({ K, kind, sources }));
      const all = await calibrate(wanted, {
        ...{ session, rows, count, signal, addGram: gram.add },
        onRow: (done) => onRow(done, count),
      });
      const taken = new Map<string, InputStatistics>();
      for (const [index, { key }] of group.entries()) {
        const statistics = all[index];
        if (!statistics) continue;
        taken.set(key, statistics);
        cache.put(key, statistics);
      }
      return taken;
    } finally {
      await gram?.release();
      await session.release();
    }
  }
}

const NO_ROWS = 'there are no calibration rows';
