import code from '../../shaders/clip-choice.wgsl?raw';
import shrunkRange from '../../shaders/shrunk-range.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * Shrinks ranges of blocks by the factor of least error, the first of equals.
 * - `errors`  — f32 [factorCount, count] from `blockErrors`
 * - `factors` — f32 [factorCount], the first of them 1
 * - `ranges`  — u32 [count, 2] from `blockRanges`
 *
 * @see ../reference/clip-search.ts
 */
export const clipChoice = defineKernel({
  label: 'clip-choice',
  code,
  libraries: [shrunkRange],
  buffers: { errors: 'read', factors: 'read', ranges: 'write' },
  params: { count: 'u32', factorCount: 'u32' },
  workgroups: ({ count }) => grid1d(count, 64),
});
