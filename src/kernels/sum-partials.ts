import code from '../../shaders/sum-partials.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/** Enough for every core of a large GPU to have some, and few to add up on the CPU. */
export const MAX_SUMS = 4096;

/**
 * Folds error partials in a fixed order: group g takes partials g, g + groups, …
 * - `partials` — f32 [count, 4]: two sums, a maximum, unused
 * - `sums`     — f32 [groups, 4], likewise
 */
export const sumPartials = defineKernel({
  label: 'sum-partials',
  code,
  buffers: { partials: 'read', sums: 'write' },
  params: { count: 'u32', groups: 'u32' },
  workgroups: ({ groups }) => grid1d(groups, 64),
});
