/** Judges the units of one cut by the layers that they feed. */
import { allFinite } from '../core/all-finite.ts';
import { assert } from '../core/assert.ts';
import { REFIT_DAMPING } from '../core/cut-spec.ts';
import { elementCount } from '../core/shape.ts';
import { readFloat32 } from '../formats/onnx/read-float32.ts';
import { breathe } from '../methods/breathe.ts';
import {
  type LossOrder,
  type LossTaker,
  leastLossOrder,
  MOST_INPUTS,
} from '../methods/least-loss.ts';
import { bestUnits, type Taker as ScoredTaker, unitScores } from '../methods/unit-scores.ts';
import type { InputStatistics } from '../model/statistics.ts';
import type { Weight } from '../model/weight.ts';
import { biasOf } from '../plan/structure/bias-of.ts';
import { leastKept, type PlannedCut } from '../plan/structure/structure.ts';
import { Elimination } from '../reference/eliminate.ts';
import type { RemovableGroup, Taker } from '../shapes/removable.ts';
import type { Job } from './compress-job.ts';
import { cutWork, type ReshapeProgress } from './reshape-progress.ts';

/** A weight that cut units feed. */
export interface TakerWeight {
  readonly weight: Weight;
  readonly use: Taker;
  /** null: not known, with the reason, or not needed. */
  readonly statistics: InputStatistics | null;
  readonly reason: string | null;
}

export interface ReadTaker extends ScoredTaker {
  readonly source: TakerWeight;
}

export async function readTaker(
  { open }: Job,
  { group }: PlannedCut,
  source: TakerWeight,
): Promise<ReadTaker> {
  const { weight, use, statistics } = source;
  const { tensor } = weight;
  const values = asMatrix(await readFloat32(open.model, tensor), tensor.dims, use.axis);
  const taps = elementCount(tensor.dims.slice(2));
  const inputs = group.units.map((unit) =>
    (unit.get(use.tied) ?? []).flatMap((index) =>
      Array.from({ length: taps }, (_, tap) => index * taps + tap),
    ),
  );
  return { ...values, inputs, statistics, source };
}

/** Units in the order in which they go, by group: found once a job, for any number that is to stay. */
export type LossOrders = Map<RemovableGroup, LossOrder>;

export interface Judging {
  readonly progress: ReshapeProgress;
  /** Added to. */
  readonly orders: LossOrders;
  /** By weight, what it was judged without; added to. */
  readonly notes: Map<string, string>;
}

/** The units of a cut that stay, ascending. @throws the signal's reason */
export async function bestOf(
  job: Job,
  cut: PlannedCut,
  takers: readonly ReadTaker[],
  { progress, notes, orders }: Judging,
): Promise<readonly number[]> {
  const { group, kept, spec } = cut;
  const { score } = spec;
  const known = orders.get(group);
  if (known && known.order.length >= group.units.length - kept) return unitsLeft(cut, known);
  const obstacle =
    score === 'loss' ? (takers.map(noLossOf).find((it) => it !== null) ?? null) : null;
  for (const { statistics, source } of score === 'weights' ? [] : takers) {
    const { weight, reason } = source;
    if (!statistics) notes.set(weight.name, `Judged by weights alone: ${reason ?? NOT_SEEN}`);
    else if (obstacle !== null) {
      notes.set(weight.name, `Judged by weights × inputs: ${obstacle}`);
    }
  }
  const order =
    score === 'loss' && obstacle === null ? await byLoss(job, cut, takers, progress) : null;
  if (order) orders.set(group, order);
  const best = order
    ? unitsLeft(cut, order)
    : bestUnits(unitScores(takers, score === 'loss' ? 'wanda' : score), kept);
  for (const taker of takers) progress.finish(judgingOf(cut, taker), taker.source.weight.label);
  return best;
}

function unitsLeft({ group, kept }: PlannedCut, { order }: LossOrder): readonly number[] {
  const gone = new Set(order.slice(0, group.units.length - kept));
  return [...group.units.keys()].filter((unit) => !gone.has(unit));
}

const NOT_SEEN = 'its inputs are not seen';
/** Of judging, what comes before the first unit goes. */
const BEGINNING = 0.5;

const judgingOf = (cut: PlannedCut, { source: { weight, use } }: ReadTaker): number =>
  cutWork(cut, weight.tensor.dims, use.axis).judging;

/** Why losses cannot be found; null if they can. */
function noLossOf({ K, statistics }: ReadTaker): string | null {
  if (!statistics?.gram) return NOT_SEEN;
  if (!allFinite(statistics.gram)) return 'its inputs are not finite';
  return K > MOST_INPUTS ? `losses are found for up to ${MOST_INPUTS} inputs, not ${K}` : null;
}

async function byLoss(
  { open, signal }: Job,
  cut: PlannedCut,
  takers: readonly ReadTaker[],
  progress: ReshapeProgress,
): Promise<LossOrder> {
  const work = takers.reduce((sum, taker) => sum + judgingOf(cut, taker), 0);
  const label = takers[0]?.source.weight.label ?? '';
  const begun: LossTaker[] = [];
  for (const { weights, N, inputs, statistics, source } of takers) {
    await breathe(signal);
    assert(statistics, 'the inputs are known');
    const hasBias = biasOf(open.model.graph, source.use) !== null;
    const fit = { hasBias, damping: REFIT_DAMPING };
    begun.push({ elimination: new Elimination(weights, N, statistics, fit), inputs });
    progress.within(work, (BEGINNING * begun.length) / takers.length, label);
  }
  const onShare = (share: number) =>
    progress.within(work, BEGINNING + (1 - BEGINNING) * share, label);
  return leastLossOrder(begun, leastKept(cut), { signal, onShare });
}

/**
 * A weight as [N, K] by the axis that it sums over, kernels' taps counted to it.
 * - `values` — row-major [inputs, outputs, …taps] or [outputs, inputs, …taps]
 */
export function asMatrix(
  values: Float32Array<ArrayBuffer>,
  dims: readonly number[],
  inputAxis: number,
): { readonly weights: Float32Array<ArrayBuffer>; readonly N: number; readonly K: number } {
  const taps = elementCount(dims.slice(2));
  const [inputs, N] = [dims[inputAxis] ?? 1, dims[1 - inputAxis] ?? 1];
  const K = inputs * taps;
  if (inputAxis === 1) return { weights: values, N, K };
  const weights = new Float32Array(values.length);
  for (let k = 0, from = 0; k < inputs; k++) {
    for (let n = 0; n < N; n++) {
      for (let tap = 0; tap < taps; tap++, from++) {
        weights[n * K + k * taps + tap] = values[from] as number;
      }
    }
  }
  return { weights, N, K };
}
