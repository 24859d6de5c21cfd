import { assert } from '../core/assert.ts';
import { prunedOfGroup } from '../core/prune-spec.ts';
import { maskWhere, type PruneMask } from './prune-mask.ts';

/** A tensor [outer, axisLength, inner] by the axis that its groups run along. */
export interface AxisShape {
  readonly axisLength: number;
  readonly inner: number;
}

/**
 * CPU definition of `shaders/n-of-m-mask.wgsl`: `n` of every `m` neighbours along the axis stay.
 * - `weight` — float32 [outer, axisLength, inner], finite
 */
export function nOfMMask(
  weight: Float32Array,
  { axisLength, inner }: AxisShape,
  rule: { readonly n: number; readonly m: number },
): PruneMask {
  assert(weight.length % (axisLength * inner) === 0, `whole slices of ${axisLength} × ${inner}`);
  const goes = new Uint8Array(weight.length);
  for (let slice = 0; slice < weight.length; slice += axisLength * inner) {
    for (let start = 0; start < axisLength; start += rule.m) {
      const length = Math.min(rule.m, axisLength - start);
      for (let i = 0; i < inner; i++) {
        const first = slice + start * inner + i;
        const group = Array.from({ length }, (_, k) => first + k * inner);
        // The sort is stable, so of equals the earlier comes first.
        group.sort((a, b) => Math.abs(weight[a]!) - Math.abs(weight[b]!));
        for (const index of group.slice(0, prunedOfGroup(length, rule))) goes[index] = 1;
      }
    }
  }
  return maskWhere(weight, (index) => goes[index] === 1);
}
