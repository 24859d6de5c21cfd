import code from '../../shaders/prune-scores.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * What a layer would miss of columns [first, first + width) of every channel, before any of them is
 * settled; layouts stand in the shader.
 * - `corrected` — f32 [width, stride], overwritten
 * - `weight`    — f32 [K, stride]
 * - `panels`    — f32, of the blocks of `FEEDBACK_SIDE` columns from `first` on
 * - `scores`    — f32 [width, stride]
 *
 * @see ../reference/feedback.ts
 */
export const pruneScores = defineKernel({
  label: 'prune-scores',
  code,
  buffers: { corrected: 'write', weight: 'read', panels: 'read', scores: 'write' },
  params: { first: 'u32', width: 'u32', stride: 'u32' },
  workgroups: ({ stride }) => grid1d(stride, 64),
});
