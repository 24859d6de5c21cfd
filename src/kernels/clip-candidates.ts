import code from '../../shaders/clip-candidates.wgsl?raw';
import shrunkRange from '../../shaders/shrunk-range.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * Ranges of blocks times `tried` factors from `first` on, for `blockParameters` of each.
 * - `ranges`     — u32 [count, 2] from `blockRanges`
 * - `factors`    — f32 [all factors]
 * - `candidates` — u32 [tried, count, 2]
 *
 * @see ../reference/clip-search.ts
 */
export const clipCandidates = defineKernel({
  label: 'clip-candidates',
  code,
  libraries: [shrunkRange],
  buffers: { ranges: 'read', factors: 'read', candidates: 'write' },
  params: { count: 'u32', first: 'u32', tried: 'u32' },
  workgroups: ({ count, tried }) => grid1d(count * tried, 64),
});
