import code from '../../shaders/feedback-losses.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * Σ D[k] spread[k]² of every channel.
 * - `spread`   — f32 [K, stride]
 * - `diagonal` — f32 [K]
 * - `losses`   — f32 [stride]
 *
 * @see ../reference/feedback.ts
 */
export const feedbackLosses = defineKernel({
  label: 'feedback-losses',
  code,
  buffers: { spread: 'read', diagonal: 'read', losses: 'write' },
  params: { K: 'u32', stride: 'u32' },
  workgroups: ({ stride }) => grid1d(stride, 64),
});
