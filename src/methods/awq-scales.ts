/**
 * The scales of one input that several weights read: AWQ's ratios, each tried on a part of the
 * rows, and the best of them held against plain rounding on all.
 * @see https://arxiv.org/abs/2306.00978
 */
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import type { InputStatistics } from '../model/statistics.ts';
import { AWQ_RATIOS, awqScales, blockShare } from '../reference/awq.ts';
import { breathe } from './breathe.ts';
import { layerError } from './layer-error.ts';
import { roundRows } from './rounded-rows.ts';

/** A weight that reads the input. */
export interface ReadingWeight {
  /** float32 [N, K], finite */
  readonly values: Float32Array<ArrayBuffer>;
  readonly spec: QuantizeSpec;
}

export interface InputScales {
  /** [K]: weights are multiplied by them, the input is divided. */
  readonly scales: Float32Array<ArrayBuffer>;
  /** null: no ratio is better than plain rounding, and the scales are 1. */
  readonly ratio: number | null;
  /** Of the outputs' squared error under plain rounding, what is left; 1 if nothing is gained. */
  readonly errorShare: number;
}

/** Multiplications for one ratio; some tenths of a second for all of them. */
const PRODUCTS = 2 ** 24;
const FEWEST_ROWS = 48;

export const unscaled = (K: number): InputScales => ({
  ...{ scales: new Float32Array(K).fill(1), ratio: null, errorShare: 1 },
});

/**
 * - `weights` — of one K, that of `statistics`
 * @throws the signal's reason
 */
export async function searchInputScales(
  weights: readonly ReadingWeight[],
  { K, count, sumAbs, gram }: InputStatistics & { readonly gram: Float32Array<ArrayBuffer> },
  signal: AbortSignal,
): Promise<InputScales> {
  const meanAbs = livelyMeans(sumAbs, count);
  if (!meanAbs || !gram.every(Number.isFinite)) return unscaled(K);
  const share = sharesOf(weights, K);
  const total = weights.reduce((sum, { values }) => sum + values.length / K, 0);
  const wanted = Math.max(FEWEST_ROWS, Math.floor((2 * PRODUCTS) / (K * K)));
  const stride = Math.max(1, Math.floor(total / wanted));
  const some = weights.map(({ values, spec }) => ({ values: rowsOf(values, K, stride), spec }));

  let best: { readonly ratio: number; readonly scales: Float32Array<ArrayBuffer> } | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const ratio of AWQ_RATIOS) {
    const scales = Float32Array.from(awqScales(meanAbs, share, ratio));
    const error = errorOf(some, scales, gram);
    await breathe(signal);
    if (!(error < least)) continue;
    least = error;
    best = { ratio, scales };
  }
  if (!best) return unscaled(K);
  const plain = errorOf(weights, null, gram);
  await breathe(signal);
  const scaled = errorOf(weights, best.scales, gram);
  return scaled < plain ? { ...best, errorShare: scaled / plain } : unscaled(K);
}

/** A channel that was never active counts as the least active one; null if none was. */
function livelyMeans(sumAbs: Float64Array, count: number): Float64Array | null {
  const active = sumAbs.filter((sum) => sum > 0);
  if (active.length === 0 || !sumAbs.every(Number.isFinite)) return null;
  const least = active.reduce((a, b) => Math.min(a, b));
  return sumAbs.map((sum) => Math.max(sum, least) / count);
}

/** The mean of the weights' shares, each counted by its rows. */
function sharesOf(weights: readonly ReadingWeight[], K: number): Float64Array {
  const share = new Float64Array(K);
  const total = weights.reduce((sum, { values }) => sum + values.length, 0);
  for (const { values, spec } of weights) {
    const own = blockShare(values, K, spec.blockSize === 'channel' ? K : spec.blockSize);
    for (let k = 0; k < K; k++) {
      share[k] = (share[k] as number) + ((own[k] as number) * values.length) / total;
    }
  }
  return share;
}

/** Every `stride`-th row. */
function rowsOf(
  values: Float32Array<ArrayBuffer>,
  K: number,
  stride: number,
): Float32Array<ArrayBuffer> {
  if (stride === 1) return values;
  const count = Math.ceil(values.length / K / stride);
  const some = new Float32Array(count * K);
  for (let i = 0; i < count; i++) {
    some.set(values.subarray(i * stride * K, (i * stride + 1) * K), i * K);
  }
  return some;
}

/** Of the outputs, when the weights are rounded under `scales`; null: as they are. */
function errorOf(
  weights: readonly ReadingWeight[],
  scales: Float32Array | null,
  gram: Float32Array<ArrayBuffer>,
): number {
  let sum = 0;
  for (const { values, spec } of weights) {
    const { K } = spec;
    const given = scales ? timesColumns(values, scales) : values;
    const rows = new Float32Array(values.length);
    roundRows(given, spec, rows);
    for (let i = 0; i < rows.length; i++) {
      const restored = (rows[i] as number) / (scales ? (scales[i % K] as number) : 1);
      rows[i] = restored - (values[i] as number);
    }
    sum += layerError(rows, gram, K);
  }
  return sum;
}

/** `values` — [N, K]; a new array. */
export function timesColumns(
  values: Float32Array,
  scales: Float32Array,
): Float32Array<ArrayBuffer> {
  const K = scales.length;
  const scaled = new Float32Array(values.length);
  for (let row = 0; row < values.length; row += K) {
    for (let k = 0; k < K; k++) {
      scaled[row + k] = (values[row + k] as number) * (scales[k] as number);
    }
  }
  return scaled;
}
