import halfFloats from '../../shaders/half-floats.wgsl?raw';
import quantizeElement from '../../shaders/quantize-element.wgsl?raw';
import rowGroups from '../../shaders/row-groups.wgsl?raw';
import code from '../../shaders/settle-blocks.wgsl?raw';
import { assert } from '../core/assert.ts';
import { grid1d } from '../gpu/grid.ts';
import { type AnyKernel, defineKernel } from '../gpu/kernel.ts';

export interface SettleVariant {
  readonly bits: 2 | 4 | 8;
  /** As in `CodesVariant`. */
  readonly divides: boolean;
  readonly scaleType: 'float32' | 'float16';
}

function define({ bits, divides, scaleType }: SettleVariant) {
  const traits = [`${bits}-bit`, divides ? 'divides' : 'multiplies', scaleType];
  return defineKernel({
    label: `settle-blocks/${traits.join('/')}`,
    code,
    libraries: [rowGroups, halfFloats, quantizeElement],
    constants: {
      HALF_SCALES: Number(scaleType === 'float16'),
      BITS: bits,
      DIVIDES: Number(divides),
    },
    buffers: {
      weight: 'read',
      found: 'read',
      blocks: 'read',
      codes: 'write',
      kept: 'write',
      errors: 'write',
    },
    params: { groups: 'u32', rowLength: 'u32', groupSize: 'u32', zero: 'u32' },
    workgroups: ({ groups }) => grid1d(groups, 64),
  });
}

const VARIANTS = ([2, 4, 8] as const).flatMap((bits) =>
  [false, true].flatMap((divides) =>
    (['float32', 'float16'] as const).map((scaleType) => {
      const variant = { bits, divides, scaleType };
      return { variant, kernel: define(variant) };
    }),
  ),
);

/** Every variant, for whoever checks them all. */
export const settleBlocksVariants: readonly AnyKernel[] = VARIANTS.map(({ kernel }) => kernel);

/**
 * Codes of the levels that a solver has found for each group or, where their squared error is no
 * smaller, of plain rounding.
 * - `weight` — f32 [rows, rowLength], finite, up to a multiple of 16 bytes
 * - `found`  — f32 [groups, 2] from a solver: scale, zero point
 * - `blocks` — u32 [groups, 4] from `blockParameters`
 * - `codes`  — u8 [rows, rowLength], packed; cleared before
 * - `kept`   — u32 [groups, 2]: bits of the stored scale, zero point
 * - `errors` — f32 [groups, 4]: sum w², sum e², max |e|, 1 if the solver's were kept
 *
 * Requires `zero` = 0.
 *
 * @see ../reference/integer-blocks.ts
 */
export function settleBlocks(wanted: SettleVariant): ReturnType<typeof define> {
  const found = VARIANTS.find(
    ({ variant }) =>
      variant.bits === wanted.bits &&
      variant.divides === wanted.divides &&
      variant.scaleType === wanted.scaleType,
  );
  assert(found, `a kernel for ${wanted.bits} bits`);
  return found.kernel;
}
