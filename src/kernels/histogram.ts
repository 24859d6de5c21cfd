import code from '../../shaders/histogram.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * Counts of finite values in `bins` ≤ 256 equal bins over [-bound, bound].
 * - `values` — f32 [count]
 * - `counts` — u32 [bins]; added to
 *
 * `binsPerUnit` is `bins / (2 · bound)` and `zero` is 0.
 *
 * @see ../reference/histogram.ts
 */
export const histogram = defineKernel({
  label: 'histogram',
  code,
  buffers: { values: 'read', counts: 'write' },
  params: { count: 'u32', bins: 'u32', bound: 'f32', binsPerUnit: 'f32', zero: 'u32' },
  workgroups: ({ count }) => grid1d(count, 64 * 128),
});
