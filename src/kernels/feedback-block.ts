import code from '../../shaders/feedback-block.wgsl?raw';
import { assert } from '../core/assert.ts';
import { grid1d } from '../gpu/grid.ts';
import { type AnyKernel, defineKernel } from '../gpu/kernel.ts';

/** Columns at a time, at most; their errors lie in registers. */
export const FEEDBACK_SIDE = 32;

type Bits = 2 | 4 | 8;

const define = (bits: Bits) =>
  defineKernel({
    label: `feedback-block/${bits}`,
    code,
    constants: { BITS: bits },
    buffers: {
      corrected: 'read',
      weight: 'read',
      panel: 'read',
      levels: 'read',
      goes: 'read',
      errors: 'write',
      codes: 'write',
      losses: 'write',
    },
    params: { first: 'u32', width: 'u32', stride: 'u32' },
    workgroups: ({ stride }) => grid1d(stride, 64),
  });

const KERNELS = ([2, 4, 8] as const).map((bits) => ({ bits, kernel: define(bits) }));

/** Every variant, for whoever checks them all. */
export const feedbackBlockVariants: readonly AnyKernel[] = KERNELS.map(({ kernel }) => kernel);

/**
 * Settles columns [first, first + width) of every channel, `width` at most `FEEDBACK_SIDE`; layouts
 * stand in the shader. Codes of `bits` bits.
 * - `corrected` — f32 [32, stride]
 * - `weight`, `errors` — f32 [K, stride]
 * - `panel`     — f32 [first + 34, 32]
 * - `levels`    — f32 [blocks, stride, 2]
 * - `goes`      — u32 [K, stride / 32]
 * - `codes`     — u32 [K, stride]
 * - `losses`    — f32 [stride], added to
 *
 * @see ../reference/feedback.ts
 */
export function feedbackBlock(bits: Bits): ReturnType<typeof define> {
  const found = KERNELS.find((kernel) => kernel.bits === bits);
  assert(found, `a kernel for ${bits} bits`);
  return found.kernel;
}
