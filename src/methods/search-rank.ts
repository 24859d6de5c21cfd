/** A matrix decomposed as far as a rank, an energy or a budget needs. */
import { type FactorizeSpec, largestUsefulRank, rankForBudget } from '../core/factorize-spec.ts';
import type { Matrix, MatrixDevice } from './matrix-device.ts';
import { type Sketch, type SketchOptions, sketch } from './randomized-svd.ts';
import { wholeSvd } from './whole-svd.ts';

/** A wanted share of the energy counts as reached this near: float32 products are no better. */
const ENERGY_TOLERANCE = 2 ** -20;
const FIRST_RANK = 32;

export interface EnergyRefusal {
  /** The largest rank whose factors have fewer elements than W; 0 if there is none. */
  readonly largestUsefulRank: number;
  /** Share of the energy that this rank keeps. */
  readonly energy: number;
}

export interface Work<M extends Matrix> {
  readonly device: MatrixDevice<M>;
  readonly shape: { readonly rows: number; readonly columns: number };
  readonly options: SketchOptions;
}

export interface Searched {
  readonly found: Sketch;
  readonly rank: number;
  readonly isWhole: boolean;
  /** Energy of the whole matrix. */
  readonly total: number;
}

/**
 * The decomposition of `values`, float32 [rows, columns], and the rank that `spec` wants of it.
 * @throws as `sketch`
 */
export async function search<M extends Matrix>(
  { device, shape, options }: Work<M>,
  values: Float32Array<ArrayBuffer>,
  spec: FactorizeSpec,
): Promise<Searched | EnergyRefusal> {
  const { rows: K, columns: N } = shape;
  using w = device.upload(values, K, N);
  const total = energyOf(values);
  const whole = () => wholeSvd(device, w, values, options.signal);
  if (spec.by !== 'energy') {
    const wanted = spec.by === 'rank' ? spec.rank : rankForBudget(K, N, spec.share);
    const rank = Math.max(1, Math.min(wanted, K, N));
    const isWhole = wholeWork(K, N) < sketchWork(K, N, rank, device.speed);
    const found = isWhole ? await whole() : await sketch(device, w, rank, options);
    return { found, rank, isWhole, total };
  }

  const cap = largestUsefulRank(K, N);
  if (cap < 1) return { largestUsefulRank: 0, energy: 0 };
  // Doubling costs as much again as the last sketch.
  const isWhole = wholeWork(K, N) < 2 * sketchWork(K, N, cap, device.speed);
  for (let reach = isWhole ? cap : Math.min(FIRST_RANK, cap); ; reach = Math.min(2 * reach, cap)) {
    const found = isWhole ? await whole() : await sketch(device, w, reach, options);
    const kept = found.energies.subarray(0, reach);
    const rank = rankFor(kept, (spec.energy - ENERGY_TOLERANCE) * total);
    if (rank) return { found, rank, isWhole, total };
    if (reach === cap) return { largestUsefulRank: cap, energy: sum(kept) / total };
  }
}

/** Operations on this thread of the whole SVD: a Gram matrix and its eigenvectors. */
function wholeWork(K: number, N: number): number {
  const side = Math.min(K, N);
  return side * side * Math.max(K, N) + 12 * side ** 3;
}

/** The same of a sketch, with its products turned into operations on this thread. */
const sketchWork = (K: number, N: number, rank: number, speed: number): number =>
  rank * rank * N + 12 * rank ** 3 + (14 * K * N * rank + 10 * rank * rank * (K + N)) / speed;

/** The smallest rank that keeps `wanted`; null if none does. */
function rankFor(energies: Float64Array, wanted: number): number | null {
  let kept = 0;
  for (const [i, energy] of energies.entries()) {
    kept += energy;
    if (kept >= wanted) return i + 1;
  }
  return null;
}

export const sum = (values: Float64Array): number =>
  values.reduce((total, value) => total + value, 0);

/** Σ w². */
export function energyOf(values: Float32Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += (values[i] as number) ** 2;
  return total;
}
