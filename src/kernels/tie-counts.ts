import code from '../../shaders/tie-counts.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * How many of every 32 values have exactly the magnitude whose bits are `threshold`.
 * - `values` — f32 [count], padded to a multiple of 4
 * - `counts` — u32 [ceil(count / 32)]
 */
export const tieCounts = defineKernel({
  label: 'tie-counts',
  code,
  buffers: { values: 'read', counts: 'write' },
  params: { count: 'u32', threshold: 'u32' },
  workgroups: ({ count }) => grid1d(Math.ceil(count / 32), 64),
});
