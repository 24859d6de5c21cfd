/** What a plan leaves to the values: thresholds and ranks over many weights, and ranks by energy. */

import type { FoundRank } from '../core/factorize-spec.ts';
import { type Selection, selectSmallest } from '../methods/magnitude.ts';
import { isOfOneWeight } from '../methods/quantize-job.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import { calibrated } from './calibrating.ts';
import type { Calibration } from './calibration.ts';
import type { Job } from './compress-job.ts';
import { CompressReporter, FINDING_RANKS } from './compress-progress.ts';
import { factorsOf } from './compress-weight.ts';
import { shareRanks } from './share-ranks.ts';
import { originalOf } from './weight-context.ts';
import { leftAloneRow } from './weight-rows.ts';

export interface Analysis {
  /** By weight, where it is compared with others. */
  readonly selections: ReadonlyMap<string, Selection>;
  /** By weight, where the rank depends on values; 0 if none serves. */
  readonly ranks: ReadonlyMap<string, FoundRank>;
}

/** @throws as `compress`; weights that fail are added to the job's */
export async function analyse(
  job: Job,
  { planned }: Plan,
  calibration: Calibration,
): Promise<Analysis> {
  const selections = new Map<string, Selection>();
  const compared = planned.filter(isCompared);
  for (const step of new Set(compared.map(({ prune }) => prune?.stepIndex))) {
    const items = compared.filter(({ prune }) => prune?.stepIndex === step);
    await select(job, items, selections);
  }
  const unknown = planned.filter(({ factorize }) => factorize?.exact === false);
  // A spectrum tells the rank; factors by energy are found with it.
  const isWeighed = ({ factorize }: PlannedWeight) =>
    factorize?.shared || factorize?.splits.some((split) => split !== 'channel');
  const byEnergy = unknown.filter((item) => !isWeighed(item));
  const found = await findRanks(job, byEnergy, selections, calibration);
  const given = await shareRanks(job, unknown.filter(isWeighed), selections, calibration);
  if (compared.length > 0 || unknown.length > 0) job.clock.lap('analyse');
  return { selections, ranks: new Map<string, FoundRank>([...found, ...given]) };
}

const isCompared = ({ prune }: PlannedWeight): boolean =>
  prune?.spec.kind === 'unstructured' && prune.spec.scope === 'global';

async function select(
  { open, computing, failed, progress, signal }: Job,
  items: readonly PlannedWeight[],
  selections: Map<string, Selection>,
): Promise<void> {
  const spec = items[0]?.prune?.spec;
  if (spec?.kind !== 'unstructured') return;
  const sources = items.map(({ weight }) => originalOf(open.model, weight));
  const outcomes = await computing.on((executor) => {
    const stepOf = ({ prune }: PlannedWeight) => prune?.stepIndex ?? 0;
    const reporter = new CompressReporter({ stage: 'analyse', stepOf }, items, progress);
    const onPass = (done: number, total: number) => {
      const item = items[done % items.length];
      if (item) reporter.overall(item, done / total);
    };
    return selectSmallest(executor.pruning, sources, spec.sparsity, { signal, onPass });
  });
  for (const [index, { weight }] of items.entries()) {
    const outcome = outcomes[index];
    if (outcome?.failure) failed.set(weight.name, outcome.failure.message);
    else if (outcome) selections.set(weight.name, outcome.selection);
  }
}

async function findRanks(
  job: Job,
  items: readonly PlannedWeight[],
  selections: ReadonlyMap<string, Selection>,
  calibration: Calibration,
): Promise<ReadonlyMap<string, number>> {
  const { open, recipe, computing, work, failed, progress, signal } = job;
  const ranks = new Map<string, number>();
  if (items.length === 0) return ranks;
  const reporter = new CompressReporter(FINDING_RANKS, items, progress);
  for (const item of items) {
    const { weight } = item;
    signal.throwIfAborted();
    if (failed.has(weight.name)) continue;
    const known = await work.restoreFactors(item);
    if (known !== null) {
      ranks.set(weight.name, known);
      reporter.restored(item);
      continue;
    }
    try {
      const inputs = await calibrated(job, calibration, item, {
        working: 'analyse',
        shows: reporter,
      });
      await computing.on(async (executor) => {
        const selection = selections.get(weight.name) ?? null;
        const context = {
          executor,
          selection,
          factors: null,
          scaling: null,
          signal,
          seed: recipe.seed,
        };
        const factors = await factorsOf(item, {
          ...{ ...context, model: open.model, calibrated: inputs },
        });
        const row = leftAloneRow({ weight, reason: '' }, false);
        await work.addFactors(factors, row, executor.name);
        ranks.set(weight.name, factors?.rank ?? 0);
      });
    } catch (error) {
      if (!isOfOneWeight(error)) throw error;
      failed.set(weight.name, error.message);
    }
    reporter.settled(item);
  }
  return ranks;
}
