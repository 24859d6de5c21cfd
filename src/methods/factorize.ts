/** One matrix to two thin ones, by truncated SVD. */
import { assert } from '../core/assert.ts';
import type { FactorizeSpec } from '../core/factorize-spec.ts';
import type { ErrorStatistics } from '../core/quantize-spec.ts';
import { StudioError } from '../core/studio-error.ts';
import { errorsOf } from './errors.ts';
import type { Matrix, MatrixDevice } from './matrix-device.ts';
import type { SketchOptions } from './randomized-svd.ts';
import {
  type EnergyRefusal,
  energyOf,
  type Searched,
  search,
  sum,
  type Work,
} from './search-rank.ts';
import { type InputAxis, unweightedFactors, weighted } from './weighted-matrix.ts';
import type { Weighting } from './weighting.ts';

/** W ≈ A B, with the singular values shared out evenly: column i of A is as long as row i of B. */
export interface Factors {
  readonly rank: number;
  /** float32 [K, rank] */
  readonly a: Float32Array<ArrayBuffer>;
  /** float32 [rank, N] */
  readonly b: Float32Array<ArrayBuffer>;
  /** Of W − A B, multiplied on the device. */
  readonly errors: ErrorStatistics;
  /** What a person should know of them; null if nothing. */
  readonly note: string | null;
}

export type Factorization =
  | { readonly factors: Factors; readonly refusal: null }
  /** No rank that saves anything keeps the energy asked for. */
  | { readonly factors: null; readonly refusal: EnergyRefusal };

/** How errors of a weight are weighted, where that is known. */
export interface Weights {
  /** Which axis of the matrix as it lies counts inputs. */
  readonly axis: InputAxis;
  /** What the factors are fitted by. */
  readonly shape: Weighting;
  /** The layer's own error, by which they must not be worse than those of the plain SVD. */
  readonly judge: Weighting;
}

/** Nearer to the least error of all factors of a rank, nothing is to be won by the plain ones. */
const NEAR_BEST = { relative: 1e-3, ofAll: 1e-7 };

/**
 * Factorizes `values` as `spec` asks: by rank (at most min(K, N)), by budget (see `rankForBudget`)
 * or by energy, where the rank is the smallest that the sketch finds to keep it. A small matrix is
 * decomposed whole where that takes less work. With `weights`, energy is that of the weighted matrix,
 * and the plain factors of the same rank are kept where the layer's own error is less by them.
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
  weights: Weights | null = null,
): Promise<Factorization> {
  const exponent = exponentOf(name, values);
  const scaled = timesPowerOf2(values, -exponent);
  const shape = { rows: K, columns: N };
  const work: Work<M> = { device, shape, options };
  const lying = weights
    ? await weighted(device, scaled, shape, weights.axis, weights.shape, options.signal)
    : scaled;
  const outcome = await search(work, lying, spec);
  if ('largestUsefulRank' in outcome) return { factors: null, refusal: outcome };
  const own = await factorsOf(work, scaled, outcome, weights);
  if (!weights) return { factors: grown(own, exponent), refusal: null };

  const judged = async ({ rest }: Found): Promise<number> =>
    energyOf(await weighted(device, rest, shape, weights.axis, weights.judge, options.signal));
  const error = await judged(own);
  const isFit = weights.judge === weights.shape && outcome.isWhole;
  const best = isFit ? outcome.total - sum(outcome.found.energies.subarray(0, own.rank)) : 0;
  if (error <= best * (1 + NEAR_BEST.relative) + NEAR_BEST.ofAll * outcome.total && isFit) {
    return { factors: grown(own, exponent), refusal: null };
  }
  const plain = await search(work, scaled, { by: 'rank', rank: own.rank });
  assert('found' in plain, 'a rank is a rank');
  const other = await factorsOf(work, scaled, plain, null);
  const isPlain = (await judged(other)) < error;
  const kept = grown(isPlain ? other : own, exponent);
  return { factors: isPlain ? { ...kept, note: PLAIN_IS_BETTER } : kept, refusal: null };
}

const PLAIN_IS_BETTER = "Plain SVD is kept: its error at the layer's output is less";

/**
 * The squared singular values of the first `rank`, of the matrix as it is weighted, and its energy;
 * only what one is to the other means anything.
 * @throws as `factorize`
 */
export async function energiesOf<M extends Matrix>(
  device: MatrixDevice<M>,
  name: string,
  values: Float32Array<ArrayBuffer>,
  { K, N }: { readonly K: number; readonly N: number },
  rank: number,
  options: SketchOptions,
  weights: Weights | null,
): Promise<{ readonly energies: Float64Array; readonly total: number }> {
  const exponent = exponentOf(name, values);
  const scaled = timesPowerOf2(values, -exponent);
  const shape = { rows: K, columns: N };
  const lying = weights
    ? await weighted(device, scaled, shape, weights.axis, weights.shape, options.signal)
    : scaled;
  const outcome = await search({ device, shape, options }, lying, { by: 'rank', rank });
  assert('found' in outcome, 'a rank is a rank');
  return { energies: outcome.found.energies.slice(0, rank), total: outcome.total };
}

interface Found {
  readonly rank: number;
  readonly a: Float32Array<ArrayBuffer>;
  readonly b: Float32Array<ArrayBuffer>;
  /** float32 [rows, columns], W − A B */
  readonly rest: Float32Array<ArrayBuffer>;
  readonly errors: ErrorStatistics;
}

/** The factors of `scaled`, from the decomposition of it as it is weighted. */
async function factorsOf<M extends Matrix>(
  { device, shape, options }: Work<M>,
  scaled: Float32Array<ArrayBuffer>,
  { found, rank }: Searched,
  weights: Weights | null,
): Promise<Found> {
  const { rows: K, columns: N } = shape;
  const { width, left, right, energies } = found;
  const roots = Array.from(energies.subarray(0, rank), (energy) => energy ** 0.25);
  const first = Float32Array.from({ length: K * rank }, (_, i) => {
    const k = i % rank;
    return (left[Math.floor(i / rank) * width + k] as number) * (roots[k] as number);
  });
  const second = right.slice(0, rank * N).map((value, i) => {
    const root = roots[Math.floor(i / N)] as number;
    return root > 0 ? value / root : 0;
  });
  const { a, b } = weights
    ? unweightedFactors(first, second, rank, weights.axis, weights.shape)
    : { a: first, b: second };
  using w = device.upload(scaled, K, N);
  using negative = device.upload(
    a.map((value) => -value),
    K,
    rank,
  );
  using factor = device.upload(b, rank, N);
  const product = { a: negative, b: factor, transposition: 'NN', addTo: w } as const;
  using rest = await device.multiply(product, options.signal);
  const values = await device.download(rest);
  return { rank, a, b, rest: values, errors: errorsOf(scaled, values) };
}

/** Exact, and keeps squares within float32. */
function timesPowerOf2(
  values: Float32Array<ArrayBuffer>,
  exponent: number,
): Float32Array<ArrayBuffer> {
  const factor = 2 ** exponent;
  return values.map((value) => value * factor);
}

/** Of the matrix before it was scaled. */
function grown({ rank, a, b, errors }: Found, exponent: number): Factors {
  const scale = 2 ** exponent;
  const half = Math.floor(exponent / 2);
  return {
    rank,
    a: timesPowerOf2(a, half),
    b: timesPowerOf2(b, exponent - half),
    errors: {
      sumSquares: errors.sumSquares * scale * scale,
      sumSquaredError: errors.sumSquaredError * scale * scale,
      maxAbsError: errors.maxAbsError * scale,
    },
    note: null,
  };
}

/** Of two that makes the largest magnitude 1 to 2; 0 for zeros. */
function exponentOf(name: string, values: Float32Array): number {
  let largest = 0;
  let nonFinite = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
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
