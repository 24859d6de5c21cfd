import code from '../../shaders/k-quant-blocks.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * Scale and zero point of every block by weighted least squares.
 * - `weight` — f32 [rows, rowLength]
 * - `blocks` — f32 [groups, 2]: scale, zero point
 *
 * @see ../reference/k-quant.ts
 */
export const kQuantBlocks = defineKernel({
  label: 'k-quant-blocks',
  code,
  buffers: { weight: 'read', blocks: 'write' },
  params: { groups: 'u32', rowLength: 'u32', groupSize: 'u32', bits: 'u32' },
  workgroups: ({ groups }) => grid1d(groups, 64),
});
