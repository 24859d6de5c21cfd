/** Ranks that the weights of a step get out of one budget. */
import { allocateRanks, type Spectrum } from '../methods/allocate-ranks.ts';
import type { Selection } from '../methods/magnitude.ts';
import { isOfOneWeight } from '../methods/quantize-job.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import { calibrated } from './calibrating.ts';
import type { Calibration } from './calibration.ts';
import type { Job } from './compress-job.ts';
import { CompressReporter } from './compress-progress.ts';
import { spectrumOf } from './compress-weight.ts';
import { leftAloneRow } from './weight-rows.ts';

/**
 * By weight; 0 where it stays whole.
 * @throws as `compress`; weights that fail are added to the job's, and take no part
 */
export async function shareRanks(
  job: Job,
  items: readonly PlannedWeight[],
  selections: ReadonlyMap<string, Selection>,
  calibration: Calibration,
): Promise<ReadonlyMap<string, number>> {
  const { failed, progress, signal } = job;
  const ranks = new Map<string, number>();
  if (items.length === 0) return ranks;
  const reporter = new CompressReporter('analyse', items, progress);
  const bySteps = new Map<number, { name: string; spectrum: Spectrum; share: number }[]>();
  for (const item of items) {
    const { weight, factorize: stage } = item;
    signal.throwIfAborted();
    if (failed.has(weight.name) || stage?.spec.by !== 'budget') continue;
    const { stepIndex, spec } = stage;
    try {
      const selection = selections.get(weight.name) ?? null;
      const spectrum = await spectrumIn(job, item, selection, calibration);
      const own = { name: weight.name, spectrum, share: spec.share };
      bySteps.set(stepIndex, [...(bySteps.get(stepIndex) ?? []), own]);
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
    for (const [at, { name }] of weights.entries()) ranks.set(name, given[at] ?? 0);
  }
  return ranks;
}

async function spectrumIn(
  job: Job,
  item: PlannedWeight,
  selection: Selection | null,
  calibration: Calibration,
): Promise<Spectrum> {
  const { open, recipe, computing, work, signal } = job;
  const known = await work.restoreSpectrum(item);
  if (known) return known;
  const inputs = await calibrated(job, calibration, item, 'analyse');
  return computing.on(async (executor) => {
    const spectrum = await spectrumOf(item, {
      ...{ executor, signal, model: open.model, seed: recipe.seed, calibrated: inputs },
      ...{ selection, scaling: null, factors: null },
    });
    const row = leftAloneRow({ weight: item.weight, reason: '' }, false);
    await work.addSpectrum(spectrum, row, executor.name);
    return spectrum;
  });
}
