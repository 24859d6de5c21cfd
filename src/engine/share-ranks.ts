/** Ranks that depend on what they are worth: of weights under one budget, and of splits of kernels. */
import type { FoundRank, Split } from '../core/factorize-spec.ts';
import { allocateRanks, type Spectrum } from '../methods/allocate-ranks.ts';
import { betterSplit, inFours } from '../methods/better-split.ts';
import type { Selection } from '../methods/magnitude.ts';
import { isOfOneWeight } from '../methods/quantize-job.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import { calibrated, type ShowsRows } from './calibrating.ts';
import type { Calibration } from './calibration.ts';
import type { Job } from './compress-job.ts';
import { CompressReporter, FINDING_RANKS } from './compress-progress.ts';
import { spectrumOf } from './compress-weight.ts';
import { leftAloneRow } from './weight-rows.ts';

interface Sharing {
  readonly name: string;
  readonly split: Split;
  readonly spectrum: Spectrum;
  readonly share: number;
}

/**
 * By weight; 0 where it stays whole.
 * @throws as `compress`; weights that fail are added to the job's, and take no part
 */
export async function shareRanks(
  job: Job,
  items: readonly PlannedWeight[],
  selections: ReadonlyMap<string, Selection>,
  calibration: Calibration,
): Promise<ReadonlyMap<string, FoundRank>> {
  const { failed, progress, signal } = job;
  const ranks = new Map<string, FoundRank>();
  if (items.length === 0) return ranks;
  const reporter = new CompressReporter(FINDING_RANKS, items, progress);
  const bySteps = new Map<number, Sharing[]>();
  for (const item of items) {
    const { weight, factorize: stage } = item;
    signal.throwIfAborted();
    if (failed.has(weight.name) || !stage) continue;
    const { stepIndex, spec, splits, shared } = stage;
    try {
      const spectra = new Map<Split, Spectrum>();
      for (const split of splits) {
        const selection = selections.get(weight.name) ?? null;
        spectra.set(
          split,
          await spectrumIn(job, item, split, { selection, calibration, shows: reporter }),
        );
      }
      const { split, rank } = betterSplit(spectra, spec, item.view);
      const spectrum = spectra.get(split);
      if (shared && spectrum && spec.by === 'budget') {
        const own = { name: weight.name, split, spectrum, share: spec.share };
        bySteps.set(stepIndex, [...(bySteps.get(stepIndex) ?? []), own]);
      } else ranks.set(weight.name, found(split, rank));
    } catch (error) {
      if (!isOfOneWeight(error)) throw error;
      failed.set(weight.name, error.message);
    }
    reporter.settled(item);
  }
  for (const weights of bySteps.values()) {
    const share = weights[0]?.share ?? 1;
    const given = allocateRanks(
      weights.map(({ spectrum }) => spectrum),
      share,
    );
    for (const [at, { name, split }] of weights.entries()) {
      ranks.set(name, found(split, inFours(given[at] ?? 0, split, { by: 'budget' })));
    }
  }
  return ranks;
}

const found = (split: Split, rank: number): FoundRank =>
  split === 'spatial' && rank > 0 ? { spatial: rank } : rank;

interface Given {
  readonly selection: Selection | null;
  readonly calibration: Calibration;
  readonly shows: ShowsRows;
}

async function spectrumIn(
  job: Job,
  item: PlannedWeight,
  split: Split,
  { selection, calibration, shows }: Given,
): Promise<Spectrum> {
  const { open, recipe, computing, work, signal } = job;
  const known = await work.restoreSpectrum(item, split);
  if (known) return known;
  const inputs = await calibrated(job, calibration, item, { working: 'analyse', shows });
  return computing.on(async (executor) => {
    const spectrum = await spectrumOf(item, split, {
      ...{ executor, signal, model: open.model, seed: recipe.seed, calibrated: inputs },
      ...{ selection, scaling: null, factors: null },
    });
    const row = leftAloneRow({ weight: item.weight, reason: '' }, false);
    await work.addSpectrum(spectrum, split, row, executor.name);
    return spectrum;
  });
}
