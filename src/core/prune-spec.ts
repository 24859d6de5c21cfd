/** What it means to prune one weight. */
import { floorOfShare } from './share.ts';

/**
 * - `unstructured`: exactly floor(sparsity · n) elements of smallest score become 0; among equals
 *   the earlier index goes (−0 equals 0). The method says of how many at a time.
 * - `n-of-m`: of every `m` consecutive inputs of an output channel `n` stay; a ragged tail of t
 *   loses floor(t · (m − n) / m).
 */
export type PruneSpec =
  | {
      readonly kind: 'unstructured';
      /** Share of elements that become 0, in [0, 1). */
      readonly sparsity: number;
      /** Over one weight, or over all weights of the step together (ties by the order of weights). */
      readonly scope: 'tensor' | 'global';
    }
  | { readonly kind: 'n-of-m'; readonly n: number; readonly m: number };

/** How it is found which values go. */
export type PruneMethod =
  /** Those of smallest magnitude. */
  | { readonly kind: 'magnitude' }
  /** Those whose product with their input is smallest, of each output channel. */
  | { readonly kind: 'wanda' }
  /** Those that the layer's output misses least, the others making up for them. */
  | {
      readonly kind: 'sparsegpt';
      /** Share of the mean of the diagonal of XᵀX that is added to it. */
      readonly damping: number;
    };

/** Elements that a ragged or whole group of `length` inputs loses under `n` of `m`. */
export const prunedOfGroup = (
  length: number,
  { n, m }: { readonly n: number; readonly m: number },
): number => Math.floor((length * (m - n)) / m);

/** Elements that become 0 of `count`: floor(sparsity · count), exactly, as in `floorOfShare`. */
export const prunedOfAll = (count: number, sparsity: number): number =>
  floorOfShare(sparsity, count);

/** Columns whose values SparseGPT chooses from together, over all rows. */
export const SPARSEGPT_BLOCK = 128;

/**
 * Elements that at most stay of a weight of N channels of K inputs; null where other weights decide
 * it. The axis that one output sums over has `axisLength`: K, or that of a convolution's channels.
 */
export function keptOf(
  { spec, method }: { readonly spec: PruneSpec; readonly method: PruneMethod },
  { K, N, axisLength }: { readonly K: number; readonly N: number; readonly axisLength: number },
): number | null {
  if (spec.kind === 'unstructured') {
    return spec.scope === 'global' ? null : K * N - prunedFreely(method, spec.sparsity, K, N);
  }
  const whole = Math.floor(axisLength / spec.m);
  const pruned = whole * prunedOfGroup(spec.m, spec) + prunedOfGroup(axisLength % spec.m, spec);
  return K * N - ((K * N) / axisLength) * pruned;
}

/** No more than magnitude pruning takes, which may stand in for each. */
function prunedFreely({ kind }: PruneMethod, sparsity: number, K: number, N: number): number {
  switch (kind) {
    case 'magnitude':
      return prunedOfAll(K * N, sparsity);
    case 'wanda':
      return N * prunedOfAll(K, sparsity);
    case 'sparsegpt': {
      const whole = Math.floor(K / SPARSEGPT_BLOCK) * prunedOfAll(N * SPARSEGPT_BLOCK, sparsity);
      return whole + prunedOfAll(N * (K % SPARSEGPT_BLOCK), sparsity);
    }
  }
}
