import code from '../../shaders/hqq-blocks.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * Half-quadratic zeros as integers, with scales refitted to them.
 * - `weight` — f32 [rows, rowLength]
 * - `steps`, `zeros` — f32 [groups], from `hqqZeros`
 * - `blocks` — f32 [groups, 2]: scale, zero point
 *
 * @see ../reference/hqq-block.ts
 */
export const hqqBlocks = defineKernel({
  label: 'hqq-blocks',
  code,
  buffers: { weight: 'read', steps: 'read', zeros: 'read', blocks: 'write' },
  params: { groups: 'u32', rowLength: 'u32', groupSize: 'u32', bits: 'u32' },
  workgroups: ({ groups }) => grid1d(groups, 64),
});
