import code from '../../shaders/prune-block.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * Settles columns [first, first + width) of every channel, `width` at most `FEEDBACK_SIDE`: what is
 * marked becomes 0, all else makes up for it; layouts stand in the shader.
 * - `corrected` — f32 [32, stride]
 * - `weight`, `errors` — f32 [K, stride]
 * - `panel`     — f32 [first + 34, 32]
 * - `marks`     — u32 [K, stride]: given with a `groupSize` of 0; else chosen, `keep` of so many stay
 * - `losses`    — f32 [stride], added to
 *
 * @see ../reference/feedback.ts
 */
export const pruneBlock = defineKernel({
  label: 'prune-block',
  code,
  buffers: {
    corrected: 'read',
    weight: 'read',
    panel: 'read',
    marks: 'write',
    errors: 'write',
    losses: 'write',
  },
  params: { first: 'u32', width: 'u32', stride: 'u32', keep: 'u32', groupSize: 'u32' },
  workgroups: ({ stride }) => grid1d(stride, 64),
});
