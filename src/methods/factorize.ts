/** One matrix to two thin ones, by truncated SVD. */
import { type FactorizeSpec, largestUsefulRank, rankForBudget } from '../core/factorize-spec.ts';
import type { ErrorStatistics } from '../core/quantize-spec.ts';
import { StudioError } from '../core/studio-error.ts';
import type { Matrix, MatrixDevice } from './matrix-device.ts';
import { type Sketch, type SketchOptions, sketch } from './randomized-svd.ts';
import { wholeSvd } from './whole-svd.ts';

/** W ≈ A B, with the singular values shared out evenly: column i of A is as long as row i of B. */
export interface Factors {
  readonly rank: number;
  /** float32 [K, rank] */
  readonly a: Float32Array<ArrayBuffer>;
  /** float32 [rank, N] */
  readonly b: Float32Array<ArrayBuffer>;
  /** Of W − A B, multiplied on the device. */
  readonly errors: ErrorStatistics;
}

export type Factorization =
  | { readonly factors: Factors; readonly refusal: null }
  /** No rank that saves anything keeps the energy asked for. */
  | { readonly factors: null; readonly refusal: EnergyRefusal };

export interface EnergyRefusal {
  /** The largest rank whose factors have fewer elements than W; 0 if there is none. */
  readonly largestUsefulRank: number;
  /** Share of the energy that this rank keeps. */
  readonly energy: number;
}

/** A wanted share of the energy counts as reached this near: float32 products are no better. */
const ENERGY_TOLERANCE = 2 ** -20;
const FIRST_RANK = 32;

/**
 * Factorizes `values` as `spec` asks: by rank (at most min(K, N)), by budget (see `rankForBudget`)
 * or by energy, where the rank is the smallest that the sketch finds to keep it. A small matrix is
 * decomposed whole where that takes less work.
 * - `values` — float32 [K, N], row-major. A weight stored [N, K] may be given as such: its factors
 *   are the transposed ones in the other order
 * @throws unsupported-model if a value is not finite; too-large, out-of-memory, device-lost,
 *   gpu-failed; the signal's reason when it aborts
 */
export async function factorize<M extends Matrix>(
  device: MatrixDevice<M>,
  name: string,
  values: Float32Array<ArrayBuffer>,
  { K, N }: { readonly K: number; readonly N: number },
  spec: FactorizeSpec,
  options: SketchOptions,
): Promise<Factorization> {
  const exponent = exponentOf(name, values);
  // Powers of two are exact, and keep squares within float32.
  const scaled = values.map((value) => value * 2 ** -exponent);
  using w = device.upload(scaled, K, N);
  const total = scaled.reduce((sum, value) => sum + value * value, 0);

  const { signal } = options;
  const whole = () => wholeSvd(device, w, scaled, signal);
  if (spec.by !== 'energy') {
    const wanted = spec.by === 'rank' ? spec.rank : rankForBudget(K, N, spec.share);
    const rank = Math.max(1, Math.min(wanted, K, N));
    const isWhole = wholeWork(K, N) < sketchWork(K, N, rank, device.speed);
    const found = isWhole ? await whole() : await sketch(device, w, rank, options);
    return {
      factors: await factorsOf(device, w, scaled, found, rank, exponent, signal),
      refusal: null,
    };
  }

  const cap = largestUsefulRank(K, N);
  if (cap < 1) return { factors: null, refusal: { largestUsefulRank: 0, energy: 0 } };
  // Doubling costs as much again as the last sketch.
  const isWhole = wholeWork(K, N) < 2 * sketchWork(K, N, cap, device.speed);
  for (let reach = isWhole ? cap : Math.min(FIRST_RANK, cap); ; reach = Math.min(2 * reach, cap)) {
    const found = isWhole ? await whole() : await sketch(device, w, reach, options);
    const rank = rankFor(
      found.energies.subarray(0, reach),
      (spec.energy - ENERGY_TOLERANCE) * total,
    );
    if (rank) {
      return {
        factors: await factorsOf(device, w, scaled, found, rank, exponent, signal),
        refusal: null,
      };
    }
    if (reach === cap) {
      const kept = found.energies.subarray(0, cap).reduce((sum, value) => sum + value, 0);
      return { factors: null, refusal: { largestUsefulRank: cap, energy: kept / total } };
    }
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

async function factorsOf<M extends Matrix>(
  device: MatrixDevice<M>,
  w: M,
  scaled: Float32Array,
  { width, left, right, energies }: Sketch,
  rank: number,
  exponent: number,
  signal: AbortSignal,
): Promise<Factors> {
  const { rows: K, columns: N } = w;
  const roots = Array.from(energies.subarray(0, rank), (energy) => energy ** 0.25);
  const a = Float32Array.from({ length: K * rank }, (_, i) => {
    const k = i % rank;
    return (left[Math.floor(i / rank) * width + k] as number) * (roots[k] as number);
  });
  const b = right.slice(0, rank * N).map((value, i) => {
    const root = roots[Math.floor(i / N)] as number;
    return root > 0 ? value / root : 0;
  });
  using negative = device.upload(
    a.map((value) => -value),
    K,
    rank,
  );
  using second = device.upload(b, rank, N);
  const product = { a: negative, b: second, transposition: 'NN', addTo: w } as const;
  using rest = await device.multiply(product, signal);
  const errors = statistics(scaled, await device.download(rest), 2 ** exponent);
  const half = Math.floor(exponent / 2);
  return {
    rank,
    a: a.map((value) => value * 2 ** half),
    b: b.map((value) => value * 2 ** (exponent - half)),
    errors,
  };
}

function statistics(w: Float32Array, rest: Float32Array, scale: number): ErrorStatistics {
  let sumSquares = 0;
  let sumSquaredError = 0;
  let maxAbsError = 0;
  for (let i = 0; i < w.length; i++) {
    sumSquares += (w[i] as number) ** 2;
    sumSquaredError += (rest[i] as number) ** 2;
    maxAbsError = Math.max(maxAbsError, Math.abs(rest[i] as number));
  }
  return {
    sumSquares: sumSquares * scale * scale,
    sumSquaredError: sumSquaredError * scale * scale,
    maxAbsError: maxAbsError * scale,
  };
}

/** Of two that makes the largest magnitude 1 to 2; 0 for zeros. */
function exponentOf(name: string, values: Float32Array): number {
  let largest = 0;
  let nonFinite = 0;
  for (const value of values) {
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
    else nonFinite += 1;
  }
  if (nonFinite > 0) {
    throw new StudioError(
      'unsupported-model',
      `${name} holds ${nonFinite} values that are not finite (NaN or infinite). Leave it alone or repair the model.`,
    );
  }
  return largest === 0 ? 0 : Math.floor(Math.log2(largest));
}
