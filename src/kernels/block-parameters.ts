import code from '../../shaders/block-parameters.wgsl?raw';
import { grid1d } from '../gpu/grid.ts';
import { defineKernel } from '../gpu/kernel.ts';

/** Values of `rule`. */
export const RULES = { 'matmul-nbits': 0, gather: 1, int8: 2 } as const;

/**
 * Scale, reciprocal and zero point of every block, correctly rounded on any adapter.
 * - `ranges`     — u32 [count, 2] from `blockRanges`
 * - `blocks`     — u32 [count, 4] for `quantizeCodes`
 * - `scales`     — f32 or f16 [count], packed; cleared before
 * - `zeroPoints` — u8 [count], packed, asymmetric only; cleared before
 * - `faults`     — u32 [2]: blocks with non-finite values, scales that overflow; cleared before
 *
 * @see ../reference/block-parameters.ts
 */
export const blockParameters = defineKernel({
  label: 'block-parameters',
  code,
  buffers: {
    ranges: 'read',
    blocks: 'write',
    scales: 'write',
    zeroPoints: 'write',
    faults: 'write',
  },
  params: { count: 'u32', rule: 'u32', bits: 'u32', symmetric: 'u32', halfScales: 'u32' },
  workgroups: ({ count }) => grid1d(count, 64),
});
