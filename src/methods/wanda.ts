/**
 * Wanda: of each output channel those weights go whose product with their input is smallest, on
 * average over the calibration rows.
 * @see https://arxiv.org/abs/2306.11695
 */
import { assert } from '../core/assert.ts';
import { type PruneSpec, prunedOfAll, prunedOfGroup } from '../core/prune-spec.ts';
import { markSmallest } from './mark-smallest.ts';

export interface WandaTask {
  /** float32 [N, K], finite. */
  readonly values: Float32Array;
  /** [K]: Σx² of each input. */
  readonly sumSquares: ArrayLike<number>;
  readonly spec: PruneSpec;
  /** n:m groups begin again after as many columns; K unless columns are patches of a picture. */
  readonly runLength: number;
}

/**
 * uint8 [N, K], 1 where a value goes: of each row exactly floor(sparsity · K), or of each group of
 * m all but n; ties by column. Weights of inputs that are always 0 go first.
 */
export function wandaMask({
  values,
  sumSquares,
  spec,
  runLength,
}: WandaTask): Uint8Array<ArrayBuffer> {
  const K = sumSquares.length;
  assert(values.length % K === 0 && K % runLength === 0, `rows of ${K}`);
  const norms = Float32Array.from(sumSquares, Math.sqrt);
  const scores = values.map((value, i) => Math.abs(value) * (norms[i % K] as number));
  const goes = new Uint8Array(values.length);
  const run = spec.kind === 'n-of-m' ? runLength : K;
  const step = spec.kind === 'n-of-m' ? spec.m : K;
  for (let start = 0; start < values.length; start += run) {
    for (let first = 0; first < run; first += step) {
      const length = Math.min(step, run - first);
      const count =
        spec.kind === 'n-of-m' ? prunedOfGroup(length, spec) : prunedOfAll(length, spec.sparsity);
      const from = start + first;
      markSmallest(scores.subarray(from, from + length), count, goes.subarray(from, from + length));
    }
  }
  return goes;
}
