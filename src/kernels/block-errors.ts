import code from '../../shaders/block-errors.wgsl?raw';
import quantizeElement from '../../shaders/quantize-element.wgsl?raw';
import { assert } from '../core/assert.ts';
import { grid1d } from '../gpu/grid.ts';
import { type AnyKernel, defineKernel } from '../gpu/kernel.ts';

export interface ErrorsVariant {
  readonly bits: 2 | 4 | 8;
  /** As in `CodesVariant`. */
  readonly divides: boolean;
  /** The weight is stored [columns, rows]. */
  readonly transposed: boolean;
}

function define({ bits, divides, transposed }: ErrorsVariant) {
  const traits = [
    `${bits}-bit`,
    divides ? 'divides' : 'multiplies',
    transposed ? 'transposed' : 'straight',
  ];
  return defineKernel({
    label: `block-errors/${traits.join('/')}`,
    code,
    libraries: [quantizeElement],
    constants: { TRANSPOSED: Number(transposed), BITS: bits, DIVIDES: Number(divides) },
    buffers: { weight: 'read', blocks: 'read', errors: 'write' },
    params: {
      rows: 'u32',
      columns: 'u32',
      blockSize: 'u32',
      columnStride: 'u32',
      blockStride: 'u32',
      count: 'u32',
      first: 'u32',
      tried: 'u32',
      zero: 'u32',
    },
    workgroups: ({ rows, columns, blockSize, tried }) =>
      grid1d(tried * (rows / blockSize) * (transposed ? columns : columns / 4), 64),
  });
}

const VARIANTS = ([2, 4, 8] as const).flatMap((bits) =>
  [false, true].flatMap((divides) =>
    [false, true].map((transposed) => {
      const variant = { bits, divides, transposed };
      return { variant, kernel: define(variant) };
    }),
  ),
);

/** Every variant, for whoever checks them all. */
export const blockErrorsVariants: readonly AnyKernel[] = VARIANTS.map(({ kernel }) => kernel);

/**
 * Adds up the squared error of every block under `tried` sets of parameters.
 * - `weight` — f32 [rows, columns], or [columns, rows] if transposed
 * - `blocks` — u32 [tried, count, 4] from `blockParameters`
 * - `errors` — f32 [all tries, count]; added to from try `first` on, in the order of rows
 *
 * Requires `rows` a multiple of 16 and of `blockSize`, `columns` of 4, and `zero` = 0.
 *
 * @see ../reference/clip-search.ts
 */
export function blockErrors(wanted: ErrorsVariant): ReturnType<typeof define> {
  const found = VARIANTS.find(
    ({ variant }) =>
      variant.bits === wanted.bits &&
      variant.divides === wanted.divides &&
      variant.transposed === wanted.transposed,
  );
  assert(found, `a kernel for ${wanted.bits} bits`);
  return found.kernel;
}
