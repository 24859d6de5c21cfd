/**
 * The scales of one input that several weights read: AWQ's ratios, each tried on a part of the
 * rows, and the best of them held against plain rounding on all.
 * @see https://arxiv.org/abs/2306.00978
 */
import { allFinite } from '../core/all-finite.ts';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import type { InputStatistics } from '../model/statistics.ts';
import { AWQ_RATIOS, awqScales, blockShare } from '../reference/awq.ts';
import type { AwqDevice, LayerErrors } from './awq-device.ts';
import { breathe } from './breathe.ts';
import { roundRows } from './rounded-rows.ts';
import { rowChunks } from './row-chunks.ts';

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
 * @throws as `AwqDevice`; the signal's reason
 */
export async function searchInputScales(
  weights: readonly ReadingWeight[],
  { K, count, sumAbs, gram }: InputStatistics & { readonly gram: Float32Array<ArrayBuffer> },
  awq: AwqDevice,
  signal: AbortSignal,
): Promise<InputScales> {
  const meanAbs = livelyMeans(sumAbs, count);
  if (!meanAbs || !allFinite(gram)) return unscaled(K);
  const share = sharesOf(weights, K);
  const total = weights.reduce((sum, { values }) => sum + values.length / K, 0);
  const wanted = Math.max(FEWEST_ROWS, Math.floor((2 * PRODUCTS) / (K * K)));
  const stride = Math.max(1, Math.floor(total / wanted));
  const some = weights.map(({ values, spec }) => ({ values: rowsOf(values, K, stride), spec }));

  using errors = await awq.layerErrors(gram, K);
  let best: { readonly ratio: number; readonly scales: Float32Array<ArrayBuffer> } | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const ratio of AWQ_RATIOS) {
    const scales = Float32Array.from(awqScales(meanAbs, share, ratio));
    const error = await errorOf(some, scales, errors, signal);
    await breathe(signal);
    if (!(error < least)) continue;
    least = error;
    best = { ratio, scales };
  }
  if (!best) return unscaled(K);
  const plain = await errorOf(weights, null, errors, signal);
  const scaled = await errorOf(weights, best.scales, errors, signal);
  return scaled < plain ? { ...best, errorShare: scaled / plain } : unscaled(K);
}

/** A channel that was never active counts as the least active one; null if none was. */
function livelyMeans(sumAbs: Float64Array, count: number): Float64Array | null {
  const active = sumAbs.filter((sum) => sum > 0);
  if (active.length === 0 || !allFinite(sumAbs)) return null;
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
async function errorOf(
  weights: readonly ReadingWeight[],
  scales: Float32Array | null,
  errors: LayerErrors,
  signal: AbortSignal,
): Promise<number> {
  let sum = 0;
  for (const { values, spec } of weights) {
    for (const [start, end] of rowChunks(values.length, spec.K)) {
      sum += await errors.of(differences(values.subarray(start, end), scales, spec), signal);
    }
  }
  return sum;
}

/** What rounding under `scales` adds to rows of a weight. */
function differences(
  values: Float32Array<ArrayBuffer>,
  scales: Float32Array | null,
  spec: QuantizeSpec,
): Float32Array<ArrayBuffer> {
  const { K } = spec;
  const rows = new Float32Array(values.length);
  roundRows(scales ? timesColumns(values, scales) : values, spec, rows);
  for (let row = 0; row < rows.length; row += K) {
    for (let k = 0; k < K; k++) {
      const restored = (rows[row + k] as number) / (scales ? (scales[k] as number) : 1);
      rows[row + k] = restored - (values[row + k] as number);
    }
  }
  return rows;
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
