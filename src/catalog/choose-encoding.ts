/** The normative table: technique × bits × operator × target → encoding. */

import { BASE, type Decision, dequantized, type Given, portable } from './choose-dequantize.ts';
import { type ConvShape, isFasterInInteger } from './conv-speed.ts';
import type {
  EncodingDecision,
  EncodingRow,
  FloatChoice,
  FloatType,
  QuantizedChoice,
} from './encodings.ts';
import type { MatrixShape } from './matrix-shape.ts';
import type { TargetId } from './targets.ts';
import type { OptionValue } from './technique.ts';

/** What is asked of the table for one weight. */
export interface EncodingPlace {
  readonly row: EncodingRow;
  readonly shape: MatrixShape;
  /** Of a Conv: its groups; else 1. */
  readonly groups: number;
}

type Options = Readonly<Record<string, OptionValue>>;

/** For round-to-nearest. */
export function encodingForRtn(options: Options, place: EncodingPlace, target: TargetId): Decision {
  const { bits, blockSize, symmetric, scaleType, clip = false } = options;
  const given = { bits, blockSize, symmetric, scaleType, clip } as Given;
  const inInteger = options['compute'] !== 'exact';
  if (target === 'portable') return portable(given, place.row, place.shape);
  switch (place.row) {
    case 'MatMul':
    case 'Gemm':
      return matrix(given, target, inInteger, place);
    case 'Gather':
      return lookup(given, target, place.shape);
    case 'tied':
      return tied(given, target, inInteger, place);
    case 'Conv':
      return conv(given, target, inInteger, place);
    default:
      return dequantized(given, place.shape);
  }
}

/** Stored in 16 bits. */
export const encodingForFp16 = (): EncodingDecision<FloatChoice> => ({
  choice: { kind: 'float', encoding: 'float16', dtype: 'float16', minOpset: 6, adapted: null },
});

/** What no step quantizes but some step changes; a factor of 16-bit weights stays 16 bit. */
export const denseEncoding = (dtype: FloatType): FloatChoice => ({
  kind: 'float',
  encoding: 'dense',
  dtype,
  minOpset: 1,
  adapted: null,
});

function matrix(
  given: Given,
  target: TargetId,
  inInteger: boolean,
  { shape }: EncodingPlace,
): Decision {
  const byChannel = given.blockSize === 'channel';
  if (target === 'wasm' && inInteger) {
    return { choice: given.bits === 8 ? integerColumns(given) : integerBlocks(given) };
  }
  if (target === 'native' && inInteger && byChannel) {
    return { choice: given.bits === 8 ? integerColumns(given) : integerBlocks(given) };
  }
  if (target === 'wasm' && byChannel) return dequantized(given, shape);
  if (byChannel) return { refused: NEEDS_BLOCKS('MatMulNBits', target), fix: USE_BLOCKS };
  return {
    choice: {
      ...BASE,
      ...given,
      encoding: 'matmul-nbits',
      rule: 'matmul-nbits',
      packing: 'blocks',
      accuracyLevel: target === 'native' && inInteger ? 4 : 0,
      minOpset: 7,
    },
  };
}

const USE_BLOCKS = { key: 'blockSize', value: 32 } as const;

const NEEDS_BLOCKS = (operator: string, target: TargetId) =>
  target === 'webgpu'
    ? `${operator} on WebGPU takes blocks of 16 to 256: choose a block size`
    : `${operator} takes blocks of 16 to 256: choose a block size`;

function lookup(given: Given, target: TargetId, shape: MatrixShape): Decision {
  if (given.blockSize !== 'channel') {
    // Two builds of the runtime have no GatherBlockQuantized on WASM; ordinary operators they have.
    return target === 'wasm' || !fillsBytes(given, shape)
      ? {
          choice: {
            ...BASE,
            ...given,
            encoding: 'packed-rows',
            rule: 'gather',
            packing: 'blocks',
            minOpset: 11,
          },
        }
      : {
          choice: {
            ...BASE,
            ...given,
            encoding: 'gather-block-quantized',
            rule: 'gather',
            packing: 'rows',
            minOpset: 7,
          },
        };
  }
  if (target === 'webgpu') {
    return { refused: NEEDS_BLOCKS('GatherBlockQuantized', target), fix: USE_BLOCKS };
  }
  if (given.bits !== 8) {
    return { refused: 'Rows with one scale are 8 bit: choose a block size', fix: USE_BLOCKS };
  }
  return {
    choice: {
      ...BASE,
      ...given,
      encoding: 'int8-rows',
      rule: 'int8',
      packing: 'rows',
      scaleType: 'float32',
      minOpset: 7,
    },
  };
}

/**
 * What GatherBlockQuantized wants of a row: whole bytes of codes, and (on WebGPU, where it compares
 * the packed zero points' shape with that of the scales) of zero points.
 */
function fillsBytes({ bits, blockSize, symmetric }: Given, { K }: MatrixShape): boolean {
  const blocks = blockSize === 'channel' ? 1 : Math.ceil(K / blockSize);
  return (K * bits) % 8 === 0 && (symmetric || (blocks * bits) % 8 === 0);
}

function integerColumns(given: Given): QuantizedChoice {
  const { blockSize } = given;
  return {
    ...BASE,
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

function integerBlocks(given: Given): QuantizedChoice {
  return {
    ...BASE,
    ...given,
    encoding: 'blocks-to-uint8',
    rule: 'matmul-nbits',
    packing: 'columns',
    minOpset: 11,
  };
}

function conv(
  given: Given,
  target: TargetId,
  inInteger: boolean,
  { shape, groups }: EncodingPlace,
): Decision {
  const [, channels = 1, ...kernel] = shape.dims;
  const conv: ConvShape = { outputs: shape.N, inputs: channels * groups, kernel, groups };
  const isInteger = target === 'wasm' && inInteger && given.bits === 8 && given.symmetric;
  const exact = dequantized(given, shape);
  if (!isInteger || !isFasterInInteger(conv) || 'refused' in exact) return exact;
  return { choice: { ...exact.choice, encoding: 'conv-uint8', minOpset: 11 } };
}

/** One layout for both uses where there is one; else the table itself is their value. */
function tied(
  given: Given,
  target: TargetId,
  inInteger: boolean,
  { shape }: EncodingPlace,
): Decision {
  const { bits, blockSize } = given;
  const isWhole = blockSize !== 'channel' && shape.K % blockSize === 0;
  if (target !== 'wasm' && isWhole && fillsBytes(given, shape)) {
    return {
      choice: {
        ...BASE,
        ...given,
        encoding: 'tied-nbits',
        rule: 'matmul-nbits',
        packing: 'rows',
        accuracyLevel: target === 'native' && inInteger ? 4 : 0,
        minOpset: 7,
      },
    };
  }
  if (target !== 'webgpu' && bits === 8 && inInteger) {
    return { choice: { ...integerColumns(given), encoding: 'tied-uint8', packing: 'rows' } };
  }
  if (target === 'wasm' && bits < 8 && inInteger && blockSize !== 'channel') {
    return { choice: { ...integerBlocks(given), encoding: 'tied-blocks', packing: 'blocks' } };
  }
  return dequantized(given, shape);
}
