import code from '../../shaders/magnitude-histogram.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * Counts of one digit of the magnitudes that start with `prefix`, for a radix select.
 * - `values` — f32 [count], padded to a multiple of 4
 * - `counts` — u32 [2049]: by digit, then at 2048 the values that are not finite; added to
 *
 * @see ../reference/magnitude-histogram.ts
 * @see ../reference/magnitude-search.ts for the digits and what follows from their counts
 */
export const magnitudeHistogram = defineKernel({
  label: 'magnitude-histogram',
  code,
  buffers: { values: 'read', counts: 'write' },
  params: { count: 'u32', shift: 'u32', digitBits: 'u32', prefix: 'u32' },
  workgroups: ({ count }) => grid1d(count, 256 * 128),
});
