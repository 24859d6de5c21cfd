import code from '../../shaders/awq-clips.wgsl?raw';
import quantizeElement from '../../shaders/quantize-element.wgsl?raw';
import { assert } from '../core/assert.ts';
import { grid1d } from '../gpu/grid.ts';
import { type AnyKernel, defineKernel } from '../gpu/kernel.ts';

export interface ClipsVariant {
  readonly bits: 2 | 4 | 8;
  /** As in `CodesVariant`. */
  readonly divides: boolean;
}

/** Cuts of a block that are rounded at once; a whole number of fours. */
export const CLIP_TRIES = 12;
/** Elements of the largest block: its errors under every try are 12 KB of workgroup memory. */
export const MAX_CLIP_BLOCK = 256;

const WORKGROUP_SIZE = 64;

function define({ bits, divides }: ClipsVariant) {
  return defineKernel({
    label: `awq-clips/${bits}-bit/${divides ? 'divides' : 'multiplies'}`,
    code,
    libraries: [quantizeElement],
    constants: { BITS: bits, DIVIDES: Number(divides) },
    buffers: { weight: 'read', gram: 'read', cuts: 'read', blocks: 'read', choices: 'write' },
    params: {
      count: 'u32',
      blockCount: 'u32',
      blockSize: 'u32',
      columnStride: 'u32',
      tried: 'u32',
      zero: 'u32',
    },
    workgroups: ({ count, blockSize }) => {
      const together = Math.floor(WORKGROUP_SIZE / Math.min(blockSize, WORKGROUP_SIZE));
      return grid1d(Math.ceil(count / together), 1);
    },
  });
}

const VARIANTS = ([2, 4, 8] as const).flatMap((bits) =>
  [false, true].map((divides) => {
    const variant = { bits, divides };
    return { variant, kernel: define(variant) };
  }),
);

/** Every variant, for whoever checks them all. */
export const awqClipsVariants: readonly AnyKernel[] = VARIANTS.map(({ kernel }) => kernel);

/**
 * The cut of each block whose rounding gives the least error d H dᵀ of its own part of the output,
 * the first of equals.
 * - `weight`  — f32 [count, blockSize]: rows in blocks, padded with zeros
 * - `gram`    — f32 [blockCount, blockSize, blockSize], symmetric, at most 1, padded with zeros; of
 *   block b of all, square b mod blockCount
 * - `cuts`    — u32 [CLIP_TRIES, count, 2] from `cutRanges`
 * - `blocks`  — u32 [CLIP_TRIES, count, 4] from `blockParameters` of `cuts`
 * - `choices` — u32 [count], below `tried`
 *
 * Requires `blockSize` ≤ MAX_CLIP_BLOCK, `tried` ≤ CLIP_TRIES, `columnStride` = `count`, `zero` = 0.
 *
 * @see ../reference/awq.ts
 */
export function awqClips(wanted: ClipsVariant): ReturnType<typeof define> {
  const found = VARIANTS.find(
    ({ variant }) => variant.bits === wanted.bits && variant.divides === wanted.divides,
  );
  assert(found, `a kernel for ${wanted.bits} bits`);
  return found.kernel;
}
