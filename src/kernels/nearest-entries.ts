import code from '../../shaders/nearest-entries.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * The nearest entry of a palette for each value, exactly as the reference.
 * - `values`  — f32 [count]: from value `first` on of [outer, channels, inner]
 * - `middles` — f32 [palettes, size − 1]: between neighbours of each ascending palette
 * - `codes`   — u32 [ceil(count / 4)]: four codes a word, the first lowest
 *
 * `sharing` neighbouring channels have one palette.
 *
 * @see ../reference/nearest-entries.ts
 */
export const nearestEntries = defineKernel({
  label: 'nearest-entries',
  code,
  buffers: { values: 'read', middles: 'read', codes: 'write' },
  params: {
    count: 'u32',
    first: 'u32',
    size: 'u32',
    channels: 'u32',
    inner: 'u32',
    sharing: 'u32',
  },
  workgroups: ({ count }) => grid1d(Math.ceil(count / 4), 64),
});
