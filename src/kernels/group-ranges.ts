import code from '../../shaders/group-ranges.wgsl?raw';
import rowGroups from '../../shaders/row-groups.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * Extremes of every group along the rows: as `blockRanges`, for rows of any length.
 * - `weight` — f32 [rows, rowLength], up to a multiple of 16 bytes
 * - `ranges` — u32 [groups, 2] for `blockParameters`
 */
export const groupRanges = defineKernel({
  label: 'group-ranges',
  code,
  libraries: [rowGroups],
  buffers: { weight: 'read', ranges: 'write' },
  params: { groups: 'u32', rowLength: 'u32', groupSize: 'u32' },
  workgroups: ({ groups }) => grid1d(groups, 64),
});
