/**
 * How a compressed weight is stored and computed: one table from technique × bits × operator ×
 * target to an encoding, and for every encoding the tensors it stores, known from shapes and
 * options alone. Planner, encoders and writer all read these layouts, so that a dry run's size is
 * the output's size by construction.
 */

import type { Packing, QuantizeRule } from '../core/quantize-spec.ts';
import type { TargetId } from './targets.ts';
import type { OptionValue } from './technique.ts';

export type EncodingId =
  /** com.microsoft MatMulNBits: packed blocks, multiplied as they are. */
  | 'matmul-nbits'
  /** com.microsoft GatherBlockQuantized on packed uint8 rows. */
  | 'gather-block-quantized'
  /** DynamicQuantizeLinear + MatMulInteger with uint8 columns. */
  | 'dynamic-uint8'
  /** Packed 2- or 4-bit blocks that unpack at load to the `dynamic-uint8` product. */
  | 'blocks-to-uint8'
  /** Gather of packed blocks of rows, unpacked and scaled by ordinary operators. */
  | 'packed-rows'
  /** Gather of 8-bit rows, then Cast and Mul with the row's scale. */
  | 'int8-rows';

export interface EncodingChoice {
  readonly encoding: EncodingId;
  readonly bits: 2 | 4 | 8;
  readonly blockSize: number | 'channel';
  readonly symmetric: boolean;
  readonly scaleType: 'float16' | 'float32';
  readonly rule: QuantizeRule;
  readonly packing: Packing;
  /** Lowest opset of the default domain that has every operator used. */
  readonly minOpset: number;
  /** What was changed from the step's options so that a kernel can use them; null if nothing. */
  readonly adapted: string | null;
}

export type EncodingDecision = { readonly choice: EncodingChoice } | { readonly refused: string };

/** Operators that use a matrix as a right operand; the others here look rows up. */
export type WeightOperator = 'MatMul' | 'Gemm' | 'Gather';

/** The normative table for round-to-nearest. */
export function encodingForRtn(
  options: Readonly<Record<string, OptionValue>>,
  operator: WeightOperator,
  target: TargetId,
): EncodingDecision {
  const { bits, blockSize, symmetric, scaleType } = options;
  const given = { bits, blockSize, symmetric, scaleType, adapted: null } as Given;
  if (operator === 'Gather') return gatherEncoding(given, target);
  if (target === 'wasm') return { choice: wasmMatrixEncoding(given) };
  if (blockSize === 'channel') return { refused: NEEDS_BLOCKS('MatMulNBits') };
  return {
    choice: {
      ...given,
      encoding: 'matmul-nbits',
      rule: 'matmul-nbits',
      packing: 'blocks',
      minOpset: 7,
    },
  };
}

type Given = Pick<EncodingChoice, 'bits' | 'blockSize' | 'symmetric' | 'scaleType' | 'adapted'>;

const NEEDS_BLOCKS = (operator: string) =>
  `${operator} on WebGPU takes blocks of 16 to 256: choose a block size`;

function gatherEncoding(given: Given, target: TargetId): EncodingDecision {
  if (given.blockSize !== 'channel') {
    // Two builds of the runtime have no GatherBlockQuantized on WASM; ordinary operators they have.
    return target === 'webgpu'
      ? {
          choice: {
            ...given,
            encoding: 'gather-block-quantized',
            rule: 'gather',
            packing: 'rows',
            minOpset: 7,
          },
        }
      : {
          choice: {
            ...given,
            encoding: 'packed-rows',
            rule: 'gather',
            packing: 'blocks',
            minOpset: 11,
          },
        };
  }
  if (target === 'webgpu') return { refused: NEEDS_BLOCKS('GatherBlockQuantized') };
  if (given.bits !== 8) return { refused: 'Rows with one scale are 8 bit: choose a block size' };
  return {
    choice: {
      ...given,
      encoding: 'int8-rows',
      rule: 'int8',
      packing: 'rows',
      scaleType: 'float32',
      minOpset: 7,
    },
  };
}

function wasmMatrixEncoding(given: Given): EncodingChoice {
  if (given.bits === 8) {
    const { blockSize } = given;
    return {
      ...given,
      encoding: 'dynamic-uint8',
      rule: 'int8',
      packing: 'columns',
      blockSize: 'channel',
      scaleType: 'float32',
      minOpset: 11,
      adapted:
        blockSize === 'channel'
          ? null
          : `The 8-bit product on WASM takes one scale a column: block size ${blockSize} is not used.`,
    };
  }
  return {
    ...given,
    encoding: 'blocks-to-uint8',
    rule: 'matmul-nbits',
    packing: 'columns',
    minOpset: 11,
  };
}
