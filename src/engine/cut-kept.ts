/** Which units of a structure's cuts stay, by what their takers weigh and are given. */
import { CALIBRATION_ROWS } from '../catalog/calibration-options.ts';
import { elementCount } from '../core/shape.ts';
import { readFloat32 } from '../formats/onnx/read-float32.ts';
import { bestUnits, type Taker as ScoredTaker, unitScores } from '../methods/unit-scores.ts';
import { graphsOf } from '../model/graphs.ts';
import type { InputStatistics } from '../model/statistics.ts';
import type { Weight } from '../model/weight.ts';
import { viewAsMatrix } from '../plan/matrix-view.ts';
import type { WeightNeed } from '../plan/needed-statistics.ts';
import type { PlannedCut, Structure } from '../plan/structure/structure.ts';
import { resolveOptions } from '../recipe/options.ts';
import type { Taker } from '../shapes/removable.ts';
import { calibrated } from './calibrating.ts';
import { Calibration } from './calibration.ts';
import type { Job } from './compress-job.ts';

/** A weight that cut units feed. */
export interface TakerWeight {
  readonly weight: Weight;
  readonly use: Taker;
  /** null: not known, with the reason, or not needed. */
  readonly statistics: InputStatistics | null;
  readonly reason: string | null;
}

export interface KeptUnits {
  /** Class of tied axes → indices that go. */
  readonly removed: ReadonlyMap<number, ReadonlySet<number>>;
  /** Takers of cuts that are to be refitted, by tensor. */
  readonly refits: ReadonlyMap<string, TakerWeight>;
  /** By weight: what it was judged without. */
  readonly notes: ReadonlyMap<string, string>;
}

/** @throws runtime-failed; the signal's reason */
export async function chooseKept(job: Job, { cuts }: Structure): Promise<KeptUnits> {
  const { model, weights } = job.open;
  const byTensor = new Map(weights.map((weight) => [weight.tensor.name, weight]));
  const calibration = new Calibration(job.open, needsOfCuts(job, cuts, byTensor), job.calibrator);
  const removed = new Map<number, Set<number>>();
  const refits = new Map<string, TakerWeight>();
  const notes = new Map<string, string>();
  for (const { group, kept, spec } of cuts) {
    job.signal.throwIfAborted();
    const takers: ScoredTaker[] = [];
    for (const use of group.takers) {
      const weight = byTensor.get(use.tensor);
      if (!weight) continue;
      const found = await calibrated(job, calibration, { weight }, 'reshape');
      const statistics = found?.statistics ?? null;
      if (!statistics && spec.score !== 'weights') {
        notes.set(weight.name, `Judged by weights alone: ${found?.reason ?? NOT_SEEN}`);
      }
      const values = asMatrix(
        await readFloat32(model, weight.tensor),
        weight.tensor.dims,
        use.axis,
      );
      const taps = elementCount(weight.tensor.dims.slice(2));
      const inputs = group.units.map((unit) =>
        (unit.get(use.tied) ?? []).flatMap((index) =>
          Array.from({ length: taps }, (_, tap) => index * taps + tap),
        ),
      );
      takers.push({ ...values, inputs, statistics });
      if (spec.reconstruct) {
        refits.set(use.tensor, { weight, use, statistics, reason: found?.reason ?? null });
      }
    }
    const best = new Set(bestUnits(unitScores(takers, spec.score), kept));
    for (const [at, unit] of group.units.entries()) {
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

const NOT_SEEN = 'its inputs are not seen';

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
      const kind = spec.reconstruct || needs.get(tensor)?.needed.kind === 'gram';
      const needed = { kind: kind ? 'gram' : 'moments', rows } as const;
      needs.set(tensor, { weight, view: viewed.view, needed });
    }
  }
  return [...needs.values()];
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
