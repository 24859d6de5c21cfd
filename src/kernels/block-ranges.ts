import code from '../../shaders/block-ranges.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

const variant = (transposed: boolean) =>
  defineKernel({
    label: transposed ? 'block-ranges/transposed' : 'block-ranges',
    code,
    constants: { TRANSPOSED: Number(transposed) },
    buffers: { weight: 'read', ranges: 'write' },
    params: {
      rows: 'u32',
      columns: 'u32',
      blockSize: 'u32',
      columnStride: 'u32',
      blockStride: 'u32',
    },
    workgroups: ({ rows, columns, blockSize }) =>
      grid1d((rows / blockSize) * (transposed ? columns : columns / 4), 64),
  });

/**
 * Extremes of every block: largest positive and most negative value as bit patterns, accumulated.
 * - `weight` — f32 [rows, columns]
 * - `ranges` — u32 [blocks, 2], block b of column n at `n * columnStride + b * blockStride`
 */
export const blockRanges = variant(false);

/** The same for a weight stored [columns, rows]. */
export const blockRangesTransposed = variant(true);
