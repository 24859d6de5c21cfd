import registerCode from '../../shaders/matmul-register.wgsl?raw';
import sharedCode from '../../shaders/matmul-shared.wgsl?raw';
import { assert } from '../core/assert.ts';
import type { Transposition } from '../core/transposition.ts';
import { type AnyKernel, defineKernel } from '../gpu/kernel.ts';

/**
 * - `register`: 8 × 8 results an invocation, no barrier
 * - `shared-32`, `shared-64`: 4 × 4 results an invocation, 32 × 32 or 64 × 64 a workgroup, from
 *   tiles in workgroup memory
 */
export type MatmulVariant = 'register' | 'shared-32' | 'shared-64';

export const MATMUL_VARIANTS = [
  'register',
  'shared-32',
  'shared-64',
] as const satisfies readonly MatmulVariant[];

/** Grows whenever a variant changes, so that remembered choices are measured again. */
export const MATMUL_VERSION = 1;

/** Rows and columns of results that one workgroup makes. */
const TILES: Readonly<Record<MatmulVariant, number>> = {
  register: 64,
  'shared-32': 32,
  'shared-64': 64,
};

function define(variant: MatmulVariant, transposition: Transposition) {
  const tile = TILES[variant];
  return defineKernel({
    label: `matmul/${variant}/${transposition}`,
    code: variant === 'register' ? registerCode : sharedCode,
    constants: {
      A_ALONG_ROWS: Number(transposition === 'TN'),
      B_ALONG_ROWS: Number(transposition !== 'NT'),
      ...(variant === 'register' ? {} : { SIDE: tile / 4 }),
    },
    buffers: { a: 'read', b: 'read', c: 'write' },
    params: {
      M: 'u32',
      N: 'u32',
      K: 'u32',
      aStride: 'u32',
      bStride: 'u32',
      cStride: 'u32',
      accumulate: 'u32',
    },
    workgroups: ({ M, N }) => [Math.ceil(N / tile), Math.ceil(M / tile), 1],
  });
}

const KERNELS = MATMUL_VARIANTS.flatMap((variant) =>
  (['NN', 'NT', 'TN'] as const).map((transposition) => ({
    ...{ variant, transposition },
    kernel: define(variant, transposition),
  })),
);

/** Every variant, for whoever checks them all. */
export const matmulKernels: readonly AnyKernel[] = KERNELS.map(({ kernel }) => kernel);

/**
 * `C = A B`, or `C = C + A B` if `accumulate` is 1, in float32. All variants add the products of a
 * result in the order of K, so on one adapter they give the same bits.
 * - `a` — f32 [M, K]; `TN`: [K, M]
 * - `b` — f32 [K, N]; `NT`: [N, K]
 * - `c` — f32 [M, N]; columns from N to the next multiple of 4 become 0
 *
 * Rows are `aStride`, `bStride`, `cStride` elements apart, all multiples of 4; what fills a row up
 * may be anything.
 *
 * @see ../reference/matmul.ts
 */
export function matmul(
  variant: MatmulVariant,
  transposition: Transposition,
): ReturnType<typeof define> {
  const found = KERNELS.find(
    (kernel) => kernel.variant === variant && kernel.transposition === transposition,
  );
  assert(found, `a kernel for ${variant} ${transposition}`);
  return found.kernel;
}
