/** What it means to prune one weight. */
import { floorOfShare } from './share.ts';

/**
 * - `unstructured`: exactly floor(sparsity · n) elements of smallest magnitude become 0; among
 *   equals the earlier index goes (−0 equals 0).
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

/** Elements that a ragged or whole group of `length` inputs loses under `n` of `m`. */
export const prunedOfGroup = (
  length: number,
  { n, m }: { readonly n: number; readonly m: number },
): number => Math.floor((length * (m - n)) / m);

/** Elements that become 0 of `count`: floor(sparsity · count), exactly, as in `floorOfShare`. */
export const prunedOfAll = (count: number, sparsity: number): number =>
  floorOfShare(sparsity, count);

/**
 * Elements that stay of a weight [outer, axisLength, inner]; null where other weights decide it.
 * - `count` — of all its elements
 */
export function keptOf(spec: PruneSpec, count: number, axisLength: number): number | null {
  if (spec.kind === 'unstructured') {
    return spec.scope === 'global' ? null : count - prunedOfAll(count, spec.sparsity);
  }
  const whole = Math.floor(axisLength / spec.m);
  const pruned = whole * prunedOfGroup(spec.m, spec) + prunedOfGroup(axisLength % spec.m, spec);
  return count - (count / axisLength) * pruned;
}
