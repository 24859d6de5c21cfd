import code from '../../shaders/hqq-zeros.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * Half-quadratic zero points of every group after every iteration.
 * - `weight` — f32 [rows, rowLength]
 * - `steps`  — f32 [groups]: between levels
 * - `zeros`  — f32 [iterations, groups]: the code of 0 after each iteration, not rounded
 * - `errors` — f32 [iterations, groups]: Σ|w − ŵ| before each iteration
 *
 * @see ../reference/hqq.ts
 */
export const hqqZeros = defineKernel({
  label: 'hqq-zeros',
  code,
  buffers: { weight: 'read', steps: 'write', zeros: 'write', errors: 'write' },
  params: {
    groups: 'u32',
    rowLength: 'u32',
    groupSize: 'u32',
    bits: 'u32',
    roundZero: 'u32',
    iterations: 'u32',
  },
  workgroups: ({ groups }) => grid1d(groups, 64),
});
