import { type PruneSpec, prunedOfAll, prunedOfGroup } from '../core/prune-spec.ts';

/**
 * The definition of Wanda: of each row exactly floor(sparsity · K) values go, those of smallest
 * |w| · ‖x‖ (n:m: of each group), ties by column. Scores are float32 as in the published code.
 * - `weight` — float32 [N, K]
 * - `sumSquares` — [K]: Σx² of each input
 * - returns uint8 [N, K], 1 where a value goes
 * @see https://arxiv.org/abs/2306.11695
 */
export function wanda(
  weight: Float32Array,
  N: number,
  sumSquares: ArrayLike<number>,
  spec: PruneSpec,
): Uint8Array<ArrayBuffer> {
  const K = weight.length / N;
  const norms = Float32Array.from(sumSquares, Math.sqrt);
  const scores = weight.map((w, i) => Math.abs(w) * norms[i % K]!);
  const goes = new Uint8Array(N * K);
  const step = spec.kind === 'n-of-m' ? spec.m : K;
  for (let first = 0; first < N * K; first += step - Math.max(0, (first % K) + step - K)) {
    const length = Math.min(step, K - (first % K));
    const count =
      spec.kind === 'n-of-m' ? prunedOfGroup(length, spec) : prunedOfAll(length, spec.sparsity);
    const own = scores.subarray(first, first + length);
    const order = [...own.keys()].sort((i, j) => own[i]! - own[j]!);
    for (const i of order.slice(0, count)) goes[first + i] = 1;
  }
  return goes;
}
