import code from '../../shaders/value-range.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * Extremes of the finite values, and how many are not finite; exact on any adapter.
 * - `values` — f32 [count]
 * - `ranges` — u32 [groups, 4]: bits of minimum and maximum, non-finite count, finite count
 *
 * @see ../reference/value-range.ts
 */
export const valueRange = defineKernel({
  label: 'value-range',
  code,
  buffers: { values: 'read', ranges: 'write' },
  params: { count: 'u32', groups: 'u32' },
  workgroups: ({ groups }) => grid1d(groups, 64),
});
