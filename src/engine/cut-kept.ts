/** Which units of a structure's cuts stay, by what their takers weigh and are given. */
import { CALIBRATION_ROWS } from '../catalog/calibration-options.ts';
import { graphsOf } from '../model/graphs.ts';
import type { Weight } from '../model/weight.ts';
import { viewAsMatrix } from '../plan/matrix-view.ts';
import type { WeightNeed } from '../plan/needed-statistics.ts';
import type { PlannedCut, Structure } from '../plan/structure/structure.ts';
import { resolveOptions } from '../recipe/options.ts';
import { calibrated } from './calibrating.ts';
import { Calibration } from './calibration.ts';
import type { Job } from './compress-job.ts';
import {
  bestOf,
  type Judging,
  type ReadTaker,
  readTaker,
  type TakerWeight,
} from './judge-units.ts';

export interface KeptUnits {
  /** Class of tied axes → indices that go. */
  readonly removed: ReadonlyMap<number, ReadonlySet<number>>;
  /** Takers of cuts that are to be refitted, by tensor. */
  readonly refits: ReadonlyMap<string, TakerWeight>;
  /** By weight: what it was judged without. */
  readonly notes: ReadonlyMap<string, string>;
}

/** @throws runtime-failed; the signal's reason */
export async function chooseKept(
  job: Job,
  { cuts }: Structure,
  { progress, orders }: Pick<Judging, 'progress' | 'orders'>,
): Promise<KeptUnits> {
  const { weights } = job.open;
  const byTensor = new Map(weights.map((weight) => [weight.tensor.name, weight]));
  const calibration = new Calibration(job.open, needsOfCuts(job, cuts, byTensor), job.calibrator);
  const removed = new Map<number, Set<number>>();
  const refits = new Map<string, TakerWeight>();
  const notes = new Map<string, string>();
  for (const cut of cuts) {
    job.signal.throwIfAborted();
    const takers: ReadTaker[] = [];
    for (const use of cut.group.takers) {
      const weight = byTensor.get(use.tensor);
      if (!weight) continue;
      const found = await calibrated(
        job,
        calibration,
        { weight },
        {
          working: 'reshape',
          shows: progress,
        },
      );
      const { statistics, reason } = found ?? { statistics: null, reason: null };
      const taker = { weight, use, statistics, reason };
      takers.push(await readTaker(job, cut, taker));
      if (cut.spec.reconstruct) refits.set(use.tensor, taker);
    }
    const best = new Set(await bestOf(job, cut, takers, { progress, notes, orders }));
    for (const [at, unit] of cut.group.units.entries()) {
      if (best.has(at)) continue;
      for (const [tied, indices] of unit) {
        const own = removed.get(tied) ?? new Set<number>();
        for (const index of indices) own.add(index);
        removed.set(tied, own);
      }
    }
  }
  return { removed, refits, notes };
}

/** What scores and refits ask of the inputs of takers, each weight once. */
function needsOfCuts(
  { open, recipe }: Job,
  cuts: readonly PlannedCut[],
  byTensor: ReadonlyMap<string, Weight>,
): WeightNeed[] {
  const graphs = graphsOf(open.model);
  const needs = new Map<string, WeightNeed>();
  for (const { group, spec, stepIndex } of cuts) {
    const isAsked = spec.reconstruct || spec.score !== 'weights';
    const step = recipe.steps[stepIndex];
    for (const { tensor } of isAsked && step ? group.takers : []) {
      const weight = byTensor.get(tensor);
      const viewed = weight && viewAsMatrix(weight, graphs);
      if (!weight || !step || !viewed || 'reason' in viewed) continue;
      const rows = Number(resolveOptions(step)[CALIBRATION_ROWS.key] ?? CALIBRATION_ROWS.default);
      const isWhole = spec.reconstruct || spec.score === 'loss';
      const isGram = isWhole || needs.get(tensor)?.needed.kind === 'gram';
      const needed = { kind: isGram ? 'gram' : 'moments', rows } as const;
      needs.set(tensor, { weight, view: viewed.view, needed });
    }
  }
  return [...needs.values()];
}
