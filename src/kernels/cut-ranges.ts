import code from '../../shaders/cut-ranges.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * Ranges of blocks that are cut to shares of their largest magnitude, for `blockParameters` of each.
 * - `ranges` — u32 [count, 2] from `blockRanges`
 * - `shares` — f32 [tried], from 0 to 1
 * - `cuts`   — u32 [tried, count, 2]
 */
export const cutRanges = defineKernel({
  label: 'cut-ranges',
  code,
  buffers: { ranges: 'read', shares: 'read', cuts: 'write' },
  params: { count: 'u32', tried: 'u32' },
  workgroups: ({ count, tried }) => grid1d(count * tried, 64),
});
