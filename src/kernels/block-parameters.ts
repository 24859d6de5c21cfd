import code from '../../shaders/block-parameters.wgsl?raw';
import halfFloats from '../../shaders/half-floats.wgsl?raw';
import { assert } from '../core/assert.ts';
import { grid1d } from '../gpu/grid.ts';
import { type AnyKernel, defineKernel } from '../gpu/kernel.ts';

export interface ParametersVariant {
  readonly rule: keyof typeof RULES;
  readonly bits: 2 | 4 | 8;
  readonly symmetric: boolean;
  readonly scaleType: 'float32' | 'float16';
}

/** Values of the constant `RULE`. */
const RULES = { 'matmul-nbits': 0, gather: 1, int8: 2 } as const;

type BlockParameters = ReturnType<typeof define>;

function define({ rule, bits, symmetric, scaleType }: ParametersVariant) {
  const traits = [rule, `${bits}-bit`, symmetric ? 'symmetric' : 'asymmetric', scaleType];
  return defineKernel({
    label: `block-parameters/${traits.join('/')}`,
    code,
    libraries: [halfFloats],
    constants: {
      RULE: RULES[rule],
      BITS: bits,
      SYMMETRIC: Number(symmetric),
      HALF_SCALES: Number(scaleType === 'float16'),
    },
    buffers: {
      ranges: 'read',
      blocks: 'write',
      scales: 'write',
      zeroPoints: 'write',
      faults: 'write',
    },
    params: { count: 'u32' },
    workgroups: ({ count }) => grid1d(count, 64),
  });
}

const RULE_BITS = [
  ...([2, 4, 8] as const).map((bits) => ({ rule: 'matmul-nbits', bits }) as const),
  ...([2, 4, 8] as const).map((bits) => ({ rule: 'gather', bits }) as const),
  { rule: 'int8', bits: 8 } as const,
  { rule: 'int8', bits: 4 } as const,
];

const VARIANTS = RULE_BITS.flatMap((ruleBits) =>
  (ruleBits.rule === 'int8' && ruleBits.bits === 4 ? [true] : [false, true]).flatMap((symmetric) =>
    (['float32', 'float16'] as const).map((scaleType) => {
      const variant = { ...ruleBits, symmetric, scaleType };
      return { variant, kernel: define(variant) };
    }),
  ),
);

/** Every variant, for whoever checks them all. */
export const blockParametersVariants: readonly AnyKernel[] = VARIANTS.map(({ kernel }) => kernel);

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
export function blockParameters(wanted: ParametersVariant): BlockParameters {
  const found = VARIANTS.find(
    ({ variant }) =>
      variant.rule === wanted.rule &&
      variant.bits === wanted.bits &&
      variant.symmetric === wanted.symmetric &&
      variant.scaleType === wanted.scaleType,
  );
  assert(found, `a kernel for ${wanted.rule} at ${wanted.bits} bits`);
  return found.kernel;
}
