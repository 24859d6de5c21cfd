import code from '../../shaders/prune-mask.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * Marks all values below a magnitude and, of those equal to it, the first `ties` by index.
 * - `values`     — f32 [count], padded to a multiple of 4; finite
 * - `tiesBefore` — u32 [ceil(count / 32)], from `tieCounts` and `scanCounts`
 * - `mask`       — u32 [ceil(count / 32)], bit i % 32 of word i / 32: value i becomes 0
 * - `partials`   — f32 [ceil(count / 32), 4]: sum w², sum e², max |e|, 0 for `sumPartials`
 *
 * `threshold` is the magnitude's bits.
 *
 * @see ../reference/prune-mask.ts
 */
export const pruneMask = defineKernel({
  label: 'prune-mask',
  code,
  buffers: { values: 'read', tiesBefore: 'read', mask: 'write', partials: 'write' },
  params: { count: 'u32', threshold: 'u32', ties: 'u32' },
  workgroups: ({ count }) => grid1d(Math.ceil(count / 32), 64),
});
