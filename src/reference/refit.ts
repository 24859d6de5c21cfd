/**
 * Least squares after removal: what kept inputs have to weigh so that a layer gives what it gave.
 * @see https://arxiv.org/abs/2305.11627 (LLM-Pruner) for the units, and ordinary regression for this
 */
import { assert } from '../core/assert.ts';
import { dampedMoments, type InputMoments } from './input-moments.ts';
import { solveRight, whiten } from './whitening.ts';

export interface Refitted {
  /** float32 [N, kept], row-major. */
  readonly weights: Float32Array<ArrayBuffer>;
  /** [N]: what the outputs lack on average, for the bias to take up; null without a bias. */
  readonly shift: Float64Array | null;
}

/**
 * Minimises `E|W x − W' x_K − shift|² + λ|W' − W_K|²` over the calibration inputs: with C their Gram
 * matrix, or their covariance where a bias takes up the means, `W' = W_K + W_R C_RK (C_KK + λI)⁻¹`.
 * - `weights` — float32 [N, K], row-major
 * - `kept` — inputs that stay, ascending
 * - `damping` — λ in mean energies of the kept inputs: keeps weights near what they were where rows
 *   say little
 */
export function refit(
  weights: Float32Array<ArrayBuffer>,
  N: number,
  kept: readonly number[],
  { K, count, gram, sum }: InputMoments,
  { hasBias, damping }: { readonly hasBias: boolean; readonly damping: number },
): Refitted {
  assert(gram && weights.length === N * K, 'a Gram matrix of the inputs');
  const means = Float64Array.from(sum, (total) => (hasBias ? total / count : 0));
  const width = kept.length;
  const inside = new Set(kept);
  const removed = Array.from({ length: K }, (_, k) => k).filter((k) => !inside.has(k));
  const moment = (a: number, b: number) =>
    (gram[a * K + b] as number) / count - (means[a] as number) * (means[b] as number);
  const { lower } = whiten(dampedMoments({ K, count, gram, sum }, kept, hasBias, damping), width);
  const target = new Float64Array(N * width);
  const crossed = new Float64Array(width);
  for (const r of removed) {
    for (let j = 0; j < width; j++) crossed[j] = moment(r, kept[j] as number);
    for (let n = 0; n < N; n++) {
      const factor = weights[n * K + r] as number;
      const from = n * width;
      for (let j = 0; j < width; j++) {
        target[from + j] = (target[from + j] as number) + factor * (crossed[j] as number);
      }
    }
  }
  const change = solveRight(forward(target, lower, N, width), lower, N, width);
  const made = new Float32Array(N * width);
  for (let n = 0; n < N; n++) {
    for (let j = 0; j < width; j++) {
      made[n * width + j] =
        (weights[n * K + (kept[j] as number)] as number) + (change[n * width + j] as number);
    }
  }
  return { weights: made, shift: hasBias ? shiftOf(weights, made, N, kept, means) : null };
}

/** Y with Y Lᵀ = B, row by row. */
function forward(target: Float64Array, lower: Float64Array, rows: number, n: number): Float64Array {
  for (let row = 0; row < rows; row++) {
    const own = target.subarray(row * n, (row + 1) * n);
    for (let i = 0; i < n; i++) {
      let rest = own[i] as number;
      for (let j = 0, at = i * n; j < i; j++, at++) {
        rest -= (own[j] as number) * (lower[at] as number);
      }
      own[i] = rest / (lower[i * n + i] as number);
    }
  }
  return target;
}

function shiftOf(
  before: Float32Array,
  after: Float32Array,
  N: number,
  kept: readonly number[],
  means: Float64Array,
): Float64Array {
  const K = means.length;
  return Float64Array.from({ length: N }, (_, n) => {
    let shift = 0;
    for (let k = 0; k < K; k++) shift += (before[n * K + k] as number) * (means[k] as number);
    for (const [j, k] of kept.entries()) {
      shift -= (after[n * kept.length + j] as number) * (means[k] as number);
    }
    return shift;
  });
}
