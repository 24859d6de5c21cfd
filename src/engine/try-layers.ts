/** Layers cut one at a time, to see what each does to the answers of the model. */
import { CALIBRATION_ROWS } from '../catalog/calibration-options.ts';
import { assert } from '../core/assert.ts';
import { elementCount } from '../core/shape.ts';
import type { Rows } from '../dataset/rows.ts';
import type { SharedLayer } from '../methods/allocate-units.ts';
import { reshapeSteps } from '../plan/structure/choose-cuts.ts';
import { type ByTensor, cutDimsOf } from '../plan/structure/cut-dims.ts';
import { planStructure } from '../plan/structure/plan-structure.ts';
import { leastKept, type PlannedCut, type Structure, stepOf } from '../plan/structure/structure.ts';
import { resolveOptions } from '../recipe/options.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { inSight } from './calibrating.ts';
import type { Divergence } from './calibration.ts';
import type { Job } from './compress-job.ts';
import type { Judging } from './judge-units.ts';
import { judgingOf, reshape } from './reshape.ts';

/** A layer that was cut alone. */
export interface Tried {
  readonly cut: PlannedCut;
  /** Of the model's answers to the original's. */
  readonly divergence: Divergence;
  readonly layer: SharedLayer;
}

/** Rows of a trial: order of layers hardly changes with more. */
const MOST_TRIED = 256;

/** Of a layer that loses nothing, so that what it does to the answers still counts. */
const LEAST_LOSS = 1e-9;
/** Where answers are not finite any more: its units go last. */
const BROKEN = 1e12;

/**
 * Each of `cuts` without the others, and without other steps that cut.
 * @throws runtime-failed; the signal's reason
 */
export async function triedAlone(
  job: Job,
  cuts: readonly PlannedCut[],
  {
    byTensor,
    judging,
    rows,
  }: { byTensor: ByTensor; judging: Pick<Judging, 'progress' | 'orders'>; rows: Rows },
): Promise<Tried[]> {
  const { open, recipe, signal, clock, calibrator } = job;
  const { progress, orders } = judging;
  const tried: Tried[] = [];
  progress.trials += cuts.length;
  for (const cut of cuts) {
    signal.throwIfAborted();
    const { group, kept, stepIndex } = cut;
    const alone = onlyStep(recipe, stepIndex);
    const keeping = cuts.map(
      (it) => [it.group, it === cut ? kept : it.group.units.length] as const,
    );
    const cutDims = cutDimsOf(new Map(keeping), byTensor);
    const { structure } = planStructure(open.model, open.weights, alone, cutDims);
    const order = orders.get(group);
    assert(structure && order, 'it was cut with the others');
    const quiet: Job = { ...job, recipe: alone, progress: () => {} };
    const made = await reshape(quiet, structure, { ...judgingOf(quiet, structure), orders });
    const step = recipe.steps[stepIndex];
    const asked = Number(step && resolveOptions(step)[CALIBRATION_ROWS.key]);
    const count = Math.min(rows.count, asked, MOST_TRIED);
    const changed = made.open.runnable ?? made.open.model;
    progress.trials -= 1;
    const divergence = await inSight({ signal, clock, working: 'reshape', shows: progress }, (it) =>
      calibrator.divergence(open, changed, { rows, count }, it),
    );
    const gone = group.units.length - kept;
    const lost = order.lossAfter(gone);
    const { value } = divergence;
    const scale = Number.isFinite(value) ? value / Math.max(lost, LEAST_LOSS) : BROKEN;
    const layer: SharedLayer = {
      units: group.units.length,
      step: stepOf(group),
      least: leastKept(cut),
      elements: elementsGone(structure) / gone,
      cost: (units) => (units === 0 ? 0 : scale * order.lossAfter(units)),
    };
    tried.push({ cut, divergence, layer });
  }
  return tried;
}

const elementsGone = ({ tensors }: Structure): number =>
  [...tensors.values()].reduce(
    (sum, { tensor, dims }) => sum + elementCount(tensor.dims) - elementCount(dims),
    0,
  );

/** The recipe without the other steps that cut; steps keep their places. */
function onlyStep(recipe: Recipe, stepIndex: number): Recipe {
  const others = new Set(reshapeSteps(recipe).map(({ index }) => index));
  others.delete(stepIndex);
  const steps = recipe.steps.map((step, at) =>
    others.has(at) ? { ...step, enabled: false } : step,
  );
  return { ...recipe, steps };
}
