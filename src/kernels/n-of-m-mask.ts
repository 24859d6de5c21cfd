import code from '../../shaders/n-of-m-mask.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * Marks what becomes 0 so that `keep` of every `groupSize` neighbours along an axis stay.
 * - `values`   — f32 [count / (axisLength · inner), axisLength, inner]; a tile may cut the axis
 *                only where a group begins, `axisLength` then being the tile's own
 * - `mask`     — u32 [ceil(count / 32)], bit i % 32 of word i / 32: value i becomes 0
 * - `partials` — f32 [ceil(count / 32), 4]: sum w², sum e², max |e|, 0 of some values each, for
 *                `sumPartials`
 * - `faults`   — u32 [1]: values that are not finite; added to
 *
 * Inputs of [N, K] lie along `inner` 1, of [K, N] along `inner` N, of a convolution's
 * [Cout, Cin / g, …spatial] along `inner` = the count of spatial positions.
 *
 * @see ../reference/n-of-m-mask.ts
 */
export const nOfMMask = defineKernel({
  label: 'n-of-m-mask',
  code,
  buffers: { values: 'read', mask: 'write', partials: 'write', faults: 'write' },
  params: { count: 'u32', axisLength: 'u32', inner: 'u32', keep: 'u32', groupSize: 'u32' },
  workgroups: ({ count }) => grid1d(Math.ceil(count / 32), 64),
});
