import code from '../../shaders/quantize-codes.wgsl?raw';
import quantizeElement from '../../shaders/quantize-element.wgsl?raw';
import { assert } from '../core/assert.ts';
import { grid1d } from '../gpu/grid.ts';
import { type AnyKernel, defineKernel } from '../gpu/kernel.ts';

type Bits = 2 | 4 | 8;

export interface CodesVariant {
  readonly bits: Bits;
  /** Divides and rounds half to even, instead of multiplying and rounding half away from zero. */
  readonly divides: boolean;
  /** The weight is stored [columns, rows]. */
  readonly transposed: boolean;
  /** Bytes lie across columns instead of along rows. */
  readonly acrossColumns: boolean;
}

type QuantizeCodes = ReturnType<typeof define>;

/** Invocations of a dispatch, which is also the count of its partials. */
export function codesInvocations(
  { bits, transposed, acrossColumns }: CodesVariant,
  rows: number,
  columns: number,
): number {
  if (transposed && !acrossColumns) return Math.ceil(rows / 32) * columns;
  return (rows / (bits === 2 && !acrossColumns ? 16 : 8)) * (columns / 4);
}

function define(variant: CodesVariant) {
  const { bits, divides, transposed, acrossColumns } = variant;
  const traits = [
    `${bits}-bit`,
    divides ? 'divides' : 'multiplies',
    transposed ? 'transposed' : 'straight',
    acrossColumns ? 'across' : 'along',
  ];
  return defineKernel({
    label: `quantize-codes/${traits.join('/')}`,
    code,
    libraries: [quantizeElement],
    constants: {
      BITS: bits,
      DIVIDES: Number(divides),
      TRANSPOSED: Number(transposed),
      ACROSS_COLUMNS: Number(acrossColumns),
    },
    buffers: { weight: 'read', blocks: 'read', codes: 'write', partials: 'write' },
    params: {
      rows: 'u32',
      validRows: 'u32',
      columns: 'u32',
      blockSize: 'u32',
      columnStride: 'u32',
      blockStride: 'u32',
      zero: 'u32',
    },
    workgroups: ({ rows, columns }) => grid1d(codesInvocations(variant, rows, columns), 64),
  });
}

const VARIANTS = ([2, 4, 8] as const).flatMap((bits) =>
  [false, true].flatMap((divides) =>
    [false, true].flatMap((transposed) =>
      [false, true].map((acrossColumns) => {
        const variant = { bits, divides, transposed, acrossColumns };
        return { variant, kernel: define(variant) };
      }),
    ),
  ),
);

/** Every variant, for whoever checks them all. */
export const quantizeCodesVariants: readonly AnyKernel[] = VARIANTS.map(({ kernel }) => kernel);

/**
 * Weights to packed codes, with partial sums of the error that they make.
 * - `weight`   — f32 [rows, columns], or [columns, rows] if transposed
 * - `blocks`   — u32 [blocks, 4] from `blockParameters`
 * - `codes`    — u32 [columns, rows * bits / 32], or bytes [rows * bits / 8, columns] across columns
 * - `partials` — f32 [codesInvocations, 4]: sum w², sum e², max |e|, 0
 *
 * Requires `rows` a multiple of 16 and of `blockSize`, `columns` of 4, and `zero` = 0.
 *
 * @see ../reference/quantize.ts
 */
export function quantizeCodes(wanted: CodesVariant): QuantizeCodes {
  const found = VARIANTS.find(
    ({ variant }) =>
      variant.bits === wanted.bits &&
      variant.divides === wanted.divides &&
      variant.transposed === wanted.transposed &&
      variant.acrossColumns === wanted.acrossColumns,
  );
  assert(found, `a kernel for ${wanted.bits} bits`);
  return found.kernel;
}
