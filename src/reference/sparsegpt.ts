import { type PruneSpec, prunedOfAll, prunedOfGroup, SPARSEGPT_BLOCK } from '../core/prune-spec.ts';
import { errorFeedback, type Settled } from './error-feedback.ts';
import type { UpperFactor } from './upper-factor.ts';

/**
 * The definition of SparseGPT: a value goes where its corrected square times D is least, and later
 * columns make up for it. Free pruning takes exactly floor(sparsity · values) of every 128 columns
 * of all rows, ties by row and then column; n:m the same of each group of a row as it is reached.
 * - `weight` — float32 [N, K], columns as they lie, as the factor has them
 * - `keep`   — what a value that stays becomes: itself, or its nearest level
 */
export function sparseGpt(
  weight: Float32Array,
  N: number,
  factor: UpperFactor,
  spec: PruneSpec,
  keep: (k: number, n: number, value: number) => number = (_, __, value) => value,
): Settled & { readonly goes: Uint8Array<ArrayBuffer> } {
  const { K, diagonal } = factor;
  const goes = new Uint8Array(N * K);
  const step = spec.kind === 'n-of-m' ? spec.m : SPARSEGPT_BLOCK;
  const settled = errorFeedback(weight, N, factor, (k, corrected, predict) => {
    if (k % step === 0) {
      const width = Math.min(step, K - k);
      const scores = predict(k, k + width).map((w, i) => w * w * diagonal[k + (i % width)]!);
      const groups = spec.kind === 'n-of-m' ? N : 1;
      const length = scores.length / groups;
      const count =
        spec.kind === 'n-of-m' ? prunedOfGroup(length, spec) : prunedOfAll(length, spec.sparsity);
      for (let group = 0; group < groups; group++) {
        for (const i of smallest(scores.subarray(group * length, (group + 1) * length), count)) {
          const at = group * length + i;
          goes[Math.floor(at / width) * K + k + (at % width)] = 1;
        }
      }
    }
    return corrected.map((value, n) => (goes[n * K + k] ? 0 : keep(k, n, value)));
  });
  return { ...settled, goes };
}

const smallest = (scores: Float64Array, count: number): number[] =>
  [...scores.keys()].sort((i, j) => scores[i]! - scores[j]!).slice(0, count);
