/** How many units each layer loses where the layers of a step share what goes. */
import { allocateUnits } from '../methods/allocate-units.ts';
import { type Plan, planRecipe } from '../plan/plan.ts';
import { type ByTensor, type CutDims, cutDimsOf, dimsOfUnits } from '../plan/structure/cut-dims.ts';
import { isShared, type PlannedCut } from '../plan/structure/structure.ts';
import { formatCount, formatNumber } from '../report/format.ts';
import type { Job } from './compress-job.ts';
import { chooseKept } from './cut-kept.ts';
import type { Judging } from './judge-units.ts';
import { judgingOf } from './reshape.ts';
import { type Tried, triedAlone } from './try-layers.ts';

export interface SharedUnits {
  /** Of all cuts of steps that share, whether their layers could be compared or not. */
  readonly cutDims: CutDims;
  readonly judging: Pick<Judging, 'progress' | 'orders'>;
  /** By weight, what its layer keeps and why. */
  readonly notes: ReadonlyMap<string, string>;
}

/**
 * Cuts each layer alone to the step's share, and looks at what that does to the answers; losses of
 * the layer's own outputs say how that grows with what goes. null where no layers share.
 * @throws runtime-failed; the signal's reason
 */
export async function shareUnits(job: Job, plan: Plan): Promise<SharedUnits | null> {
  const { structure } = plan;
  if (!structure || !isShared(structure)) return null;
  const judging = judgingOf(job, structure);
  await chooseKept(job, structure, judging);
  const shared = structure.cuts.filter(({ spec }) => spec.scope === 'global');
  const kept = new Map(shared.map((cut) => [cut, cut.kept]));
  const byTensor = new Map(job.open.weights.map((weight) => [weight.tensor.name, weight]));
  const notes = new Map<string, string>();
  const tried = new Map<number, Tried[]>();
  const found = await job.calibrator.rows(job.open, job.signal);
  for (const stepIndex of new Set(shared.map((cut) => cut.stepIndex))) {
    const cuts = shared.filter((cut) => cut.stepIndex === stepIndex);
    const obstacle = 'reason' in found ? found.reason : notShared(cuts, byTensor, judging);
    if (obstacle === null && 'rows' in found) {
      tried.set(stepIndex, await triedAlone(job, cuts, { byTensor, judging, rows: found.rows }));
    } else {
      for (const cut of cuts)
        note(notes, cut, byTensor, `Loses the share of each layer: ${obstacle}`);
    }
  }
  // Rounding to blocks may take back what fewer elements save: then a little more goes.
  for (let more = 0; ; more++) {
    for (const own of tried.values()) allocate(own, kept, more);
    const cutDims = cutDimsOf(kept, byTensor);
    const { byteLength } = planRecipe(job.open.model, job.open.weights, job.recipe, { cutDims });
    if (byteLength > plan.byteLength && more < MOST_ROUNDS) continue;
    for (const { cut, divergence } of [...tried.values()].flat()) {
      const { units } = cut.group;
      const [left, all] = [formatCount(kept.get(cut) ?? 0), formatCount(units.length)];
      const alone = `${formatCount(units.length - cut.kept)} fewer in this layer alone`;
      const told = `${alone} move the answers by ${formatNumber(divergence, 5)}`;
      note(notes, cut, byTensor, `Keeps ${left} of ${all} units: ${told}`);
    }
    return { cutDims, judging, notes };
  }
}

const MOST_ROUNDS = 16;

/** Why the layers of a step cannot be compared; null if they can. */
function notShared(
  cuts: readonly PlannedCut[],
  byTensor: ByTensor,
  { orders }: Pick<Judging, 'orders'>,
): string | null {
  if (cuts.length < 2) return 'there is no other';
  if (cuts.some(({ group }) => !orders.has(group))) return 'what one of them loses is not known';
  const isTold = cuts.every(({ group, kept }) => dimsOfUnits(group, kept, byTensor) !== null);
  return isTold ? null : 'their units lie among others';
}

/** Into `kept`: as many elements go as if each layer lost its share, and `more` steps of the smallest. */
function allocate(tried: readonly Tried[], kept: Map<PlannedCut, number>, more: number): void {
  const asShares = tried.reduce(
    (sum, { cut, layer }) => sum + (cut.group.units.length - cut.kept) * layer.elements,
    0,
  );
  const smallest = Math.min(...tried.map(({ layer }) => layer.step * layer.elements));
  const layers = tried.map(({ layer }) => layer);
  for (const [at, units] of allocateUnits(layers, asShares + more * smallest).entries()) {
    const own = tried[at];
    if (own) kept.set(own.cut, units);
  }
}

function note(
  notes: Map<string, string>,
  { group }: PlannedCut,
  byTensor: ByTensor,
  words: string,
): void {
  for (const { tensor } of group.takers) {
    const weight = byTensor.get(tensor);
    if (weight) notes.set(weight.name, words);
  }
}
