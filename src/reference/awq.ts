/**
 * AWQ: scales of input channels that move error away from what activations make large, and ranges
 * clipped by what it does to the output. Errors come from the Gram matrix of the inputs, so that no
 * activations are kept: a group's output error is Σ d H dᵀ over the rows d of W - Ŵ.
 * @see https://arxiv.org/abs/2306.00978
 */

import { roundHalfEven } from './round.ts';

/** Values of a weight after rounding, [N, K]; what is given is not changed. */
export type RoundTrip = (values: Float64Array) => Float64Array;

export interface WeightGrid {
  readonly bits: number;
  /** Weights along K that share a range. */
  readonly blockSize: number;
  readonly symmetric: boolean;
}

/** Ratios that are tried: k / 20. */
export const AWQ_RATIOS: readonly number[] = Array.from({ length: 20 }, (_, k) => k / 20);

const SMALLEST = 1e-4;

/**
 * The published code's grid: a range that is not widened to contain 0, half to even; symmetric over
 * max|w| / (2^(b-1) - 1).
 * - `values` — [rows, K], blocks that divide K
 */
export function awqRoundTrip(values: Float64Array, grid: WeightGrid): Float64Array {
  const { blockSize } = grid;
  const rounded = new Float64Array(values.length);
  for (let start = 0; start < values.length; start += blockSize) {
    const block = values.subarray(start, start + blockSize);
    roundBlock(block, grid, rounded.subarray(start, start + blockSize));
  }
  return rounded;
}

function roundBlock(block: Float64Array, grid: WeightGrid, into: Float64Array): void {
  const { bits, symmetric } = grid;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const w of block) {
    min = Math.min(min, w);
    max = Math.max(max, w);
  }
  const least = 1e-5;
  const [scale, zero, low, high] = symmetric
    ? ([
        Math.max(-min, max, least) / (2 ** (bits - 1) - 1),
        0,
        -(2 ** (bits - 1)),
        2 ** (bits - 1) - 1,
      ] as const)
    : asymmetric(min, Math.max(max - min, least) / (2 ** bits - 1), 2 ** bits - 1);
  for (let i = 0; i < block.length; i++) {
    const code = Math.min(Math.max(roundHalfEven(block[i]! / scale) + zero, low), high);
    into[i] = (code - zero) * scale;
  }
}

const asymmetric = (min: number, scale: number, top: number) =>
  [scale, Math.min(Math.max(-roundHalfEven(min / scale), 0), top), 0, top] as const;

/**
 * How large the weights of each input channel are within their blocks: the mean over output rows of
 * |w| / (largest |w| of its block + 1e-6), [K].
 * - `weight` — [N, K]
 */
export function blockShare(weight: ArrayLike<number>, K: number, blockSize: number): Float64Array {
  const N = weight.length / K;
  const share = new Float64Array(K);
  for (let n = 0; n < N; n++) {
    for (let start = 0; start < K; start += blockSize) {
      const end = Math.min(K, start + blockSize);
      let most = 0;
      for (let k = start; k < end; k++) most = Math.max(most, Math.abs(weight[n * K + k]!));
      for (let k = start; k < end; k++) {
        share[k]! += Math.abs(weight[n * K + k]!) / (most + 1e-6) / N;
      }
    }
  }
  return share;
}

/**
 * Scales of a ratio: mean|x|^r / (share^(1-r) + 1e-4), or mean|x|^r without a share; at least 1e-4,
 * divided by sqrt(max · min). A scale that comes to no number is 1.
 * - `meanAbs` — [K], mean|x| of each input channel
 */
export function awqScales(
  meanAbs: ArrayLike<number>,
  share: Float64Array | null,
  ratio: number,
): Float64Array {
  const scales = Float64Array.from(meanAbs, (mean, k) => {
    const rest = share ? share[k]! ** (1 - ratio) + SMALLEST : 1;
    return Math.max(mean ** ratio / rest, SMALLEST);
  });
  const centre = Math.sqrt(Math.max(...scales) * Math.min(...scales));
  return scales.map((scale) => (Number.isFinite(scale / centre) ? scale / centre : 1));
}

/** Σ over rows of d H dᵀ: with H = XᵀX the squared error of the outputs. `rows` — [N, K] */
export function gramError(rows: Float64Array, gram: ArrayLike<number>, K: number): number {
  let sum = 0;
  for (let start = 0; start < rows.length; start += K) {
    for (let i = 0; i < K; i++) {
      const d = rows[start + i]!;
      if (d === 0) continue;
      let row = 0;
      for (let j = 0; j < K; j++) row += gram[i * K + j]! * rows[start + j]!;
      sum += d * row;
    }
  }
  return sum;
}

/** The error of rounding W with its columns times `scales` and its inputs divided by them. */
export function scaledError(
  weight: ArrayLike<number>,
  scales: Float64Array,
  gram: ArrayLike<number>,
  roundTrip: RoundTrip,
): number {
  const K = scales.length;
  const scaled = Float64Array.from(weight, (w, i) => w * scales[i % K]!);
  const rounded = roundTrip(scaled);
  return gramError(
    rounded.map((w, i) => w / scales[i % K]! - weight[i]!),
    gram,
    K,
  );
}

export interface AwqSearch {
  readonly ratio: number;
  readonly scales: Float64Array;
  readonly errors: readonly number[];
}

/** The first ratio of least error. `weight` — [N, K]: all that read one input, stacked. */
export function searchAwqScales(
  weight: ArrayLike<number>,
  meanAbs: ArrayLike<number>,
  share: Float64Array | null,
  gram: ArrayLike<number>,
  roundTrip: RoundTrip,
): AwqSearch {
  const tried = AWQ_RATIOS.map((ratio) => awqScales(meanAbs, share, ratio));
  const errors = tried.map((scales) => scaledError(weight, scales, gram, roundTrip));
  const best = errors.indexOf(Math.min(...errors));
  return { ratio: AWQ_RATIOS[best]!, scales: tried[best]!, errors };
}

/** Shares of max|w| that clipping tries: 1, 0.95 … 0.55. */
export const AWQ_CLIPS: readonly number[] = Array.from({ length: 10 }, (_, k) => 1 - k / 20);

/**
 * The largest magnitude that each block keeps, [N, blocks]: the first share of its own whose
 * rounding gives the least error of the block's own output, d H_bb dᵀ.
 */
export function searchAwqClips(
  weight: ArrayLike<number>,
  gram: ArrayLike<number>,
  K: number,
  grid: WeightGrid,
): { readonly limits: Float64Array; readonly errors: Float64Array } {
  const { blockSize } = grid;
  const count = weight.length / blockSize;
  const limits = new Float64Array(count);
  const errors = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const rounded = new Float64Array(blockSize);
  for (let block = 0; block < count; block++) {
    const values = Float64Array.from(
      { length: blockSize },
      (_, i) => weight[block * blockSize + i]!,
    );
    const most = values.reduce((a, w) => Math.max(a, Math.abs(w)), 0);
    const column = (block * blockSize) % K;
    for (const share of AWQ_CLIPS) {
      const limit = most * share;
      const clipped = values.map((w) => Math.min(Math.max(w, -limit), limit));
      roundBlock(clipped, grid, rounded);
      const error = blockError(values, rounded, gram, column, K);
      if (error >= errors[block]!) continue;
      errors[block] = error;
      limits[block] = limit;
    }
  }
  return { limits, errors };
}

function blockError(
  values: Float64Array,
  rounded: Float64Array,
  gram: ArrayLike<number>,
  column: number,
  K: number,
): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    let row = 0;
    for (let j = 0; j < values.length; j++) {
      row += gram[(column + i) * K + column + j]! * (rounded[j]! - values[j]!);
    }
    sum += (rounded[i]! - values[i]!) * row;
  }
  return sum;
}
