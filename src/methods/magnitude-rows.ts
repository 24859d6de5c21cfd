import { type PruneSpec, prunedOfAll, prunedOfGroup } from '../core/prune-spec.ts';
import { markSmallest } from './mark-smallest.ts';

/**
 * uint8 [N, K], 1 where plain magnitude pruning sets a value to 0: over all rows together, or in
 * groups along each. What calibrated pruning is compared with.
 * - `values` — float32 [N, K], finite
 */
export function magnitudeRows(
  values: Float32Array,
  K: number,
  spec: PruneSpec,
): Uint8Array<ArrayBuffer> {
  const goes = new Uint8Array(values.length);
  const magnitudes = values.map(Math.abs);
  if (spec.kind === 'unstructured') {
    markSmallest(magnitudes, prunedOfAll(values.length, spec.sparsity), goes);
    return goes;
  }
  for (let row = 0; row < values.length; row += K) {
    for (let first = row; first < row + K; first += spec.m) {
      const end = Math.min(first + spec.m, row + K);
      const count = prunedOfGroup(end - first, spec);
      markSmallest(magnitudes.subarray(first, end), count, goes.subarray(first, end));
    }
  }
  return goes;
}
