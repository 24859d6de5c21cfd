/** How many units each layer loses where the layers of a step share what goes. */
import type { Rows } from '../dataset/rows.ts';
import type { OnnxModel } from '../formats/onnx/onnx-model.ts';
import { allocateUnits } from '../methods/allocate-units.ts';
import { type Plan, planRecipe } from '../plan/plan.ts';
import { reshapeSteps } from '../plan/structure/choose-cuts.ts';
import { type ByTensor, type CutDims, cutDimsOf, dimsOfUnits } from '../plan/structure/cut-dims.ts';
import { isShared, type PlannedCut } from '../plan/structure/structure.ts';
import { formatCount, formatNumber, formatPercent } from '../report/format.ts';
import type { RemovableGroup } from '../shapes/removable.ts';
import type { Divergence } from './calibration.ts';
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
  const { open, recipe, calibrator, signal } = job;
  const found = await calibrator.rows(open, signal);
  const rows = 'rows' in found ? found.rows : null;
  const { orders, tried } = knownOf(job, rows);
  const judging = { ...judgingOf(job, structure), orders };
  const shared = structure.cuts.filter(({ spec }) => spec.scope === 'global');
  if (shared.some(({ group }) => !orders.has(group))) await chooseKept(job, structure, judging);
  const byTensor = new Map(open.weights.map((weight) => [weight.tensor.name, weight]));
  const notes = new Map<string, string>();
  for (const stepIndex of new Set(shared.map((cut) => cut.stepIndex))) {
    const cuts = shared.filter((cut) => cut.stepIndex === stepIndex);
    const obstacle = 'reason' in found ? found.reason : notShared(cuts, byTensor, orders);
    if (obstacle !== null) {
      const words = `Loses the share of each layer: ${obstacle}`;
      for (const { group } of cuts) note(notes, group, byTensor, words);
    } else if (rows && !tried.has(stepIndex)) {
      tried.set(stepIndex, await triedAlone(job, cuts, { byTensor, judging, rows }));
    }
  }
  const kept = new Map(shared.map(({ group, kept }) => [group, kept]));
  // Rounding to blocks may take back what fewer elements save: then a little more goes.
  for (let more = 0; ; more++) {
    for (const own of tried.values()) allocate(own, kept, more);
    const cutDims = cutDimsOf(kept, byTensor);
    const { byteLength } = planRecipe(open.model, open.weights, recipe, { cutDims });
    if (byteLength > plan.byteLength && more < MOST_ROUNDS) continue;
    for (const { cut, divergence } of [...tried.values()].flat()) {
      const { units } = cut.group;
      const [left, all] = [formatCount(kept.get(cut.group) ?? 0), formatCount(units.length)];
      const alone = `${formatCount(units.length - cut.kept)} fewer in this layer alone`;
      const told = `${alone} ${divergenceWords(divergence)}`;
      note(notes, cut.group, byTensor, `Keeps ${left} of ${all} units: ${told}`);
    }
    return { cutDims, judging, notes };
  }
}

/** What was found of the cuts of a model, whatever other steps do. */
interface Known {
  /** Of the steps that cut. */
  readonly key: string;
  readonly rows: Rows | null;
  readonly orders: Judging['orders'];
  /** By step. */
  readonly tried: Map<number, readonly Tried[]>;
}

const known = new WeakMap<OnnxModel, Known>();

/** Empty at first, and once other rows or cuts are asked about. */
function knownOf({ open, recipe }: Job, rows: Rows | null): Known {
  const key = JSON.stringify(reshapeSteps(recipe));
  const last = known.get(open.model);
  if (last?.key === key && last.rows === rows) return last;
  const fresh: Known = { key, rows, orders: new Map(), tried: new Map() };
  known.set(open.model, fresh);
  return fresh;
}

function divergenceWords({ value, measure }: Divergence): string {
  if (!Number.isFinite(value)) return 'break the answers';
  const by =
    measure === 'kl' ? `KL ${formatNumber(value, 5)}` : `${formatPercent(value)} of their energy`;
  return `move the answers by ${by}`;
}

const MOST_ROUNDS = 16;

/** Why the layers of a step cannot be compared; null if they can. */
function notShared(
  cuts: readonly PlannedCut[],
  byTensor: ByTensor,
  orders: Judging['orders'],
): string | null {
  if (cuts.length < 2) return 'there is no other';
  if (cuts.some(({ group }) => !orders.has(group))) return 'what one of them loses is not known';
  const isTold = cuts.every(({ group, kept }) => dimsOfUnits(group, kept, byTensor) !== null);
  return isTold ? null : 'their units lie among others';
}

/** Into `kept`: as many elements go as if each layer lost its share, and `more` steps of the smallest. */
function allocate(tried: readonly Tried[], kept: Map<RemovableGroup, number>, more: number): void {
  const asShares = tried.reduce(
    (sum, { cut, layer }) => sum + (cut.group.units.length - cut.kept) * layer.elements,
    0,
  );
  const smallest = Math.min(...tried.map(({ layer }) => layer.step * layer.elements));
  const layers = tried.map(({ layer }) => layer);
  for (const [at, units] of allocateUnits(layers, asShares + more * smallest).entries()) {
    const own = tried[at];
    if (own) kept.set(own.cut.group, units);
  }
}

function note(
  notes: Map<string, string>,
  group: RemovableGroup,
  byTensor: ByTensor,
  words: string,
): void {
  for (const { tensor } of group.takers) {
    const weight = byTensor.get(tensor);
    if (weight) notes.set(weight.name, words);
  }
}
