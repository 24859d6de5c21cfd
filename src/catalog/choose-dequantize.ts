/** Which form of DequantizeLinear a weight gets. */
import type { EncodingDecision, EncodingRow, QuantizedChoice } from './encodings.ts';
import type { MatrixShape } from './matrix-shape.ts';

/** What a step asks for. */
export type Given = Pick<
  QuantizedChoice,
  'bits' | 'blockSize' | 'symmetric' | 'scaleType' | 'clip'
>;

export type Decision = EncodingDecision<QuantizedChoice>;

export const BASE = { kind: 'quantized', accuracyLevel: 0, adapted: null } as const;

const TWO_BITS =
  'DequantizeLinear has 2 bits from opset 25 on, which few runtimes read: choose 4 or 8';

const USE_FOUR_BITS = { key: 'bits', value: 4 } as const;

/** DequantizeLinear: 8 bit with one scale a channel, 4 bit in blocks where the matrix lies as it is. */
export function dequantized(given: Given, { perm, transposed }: MatrixShape): Decision {
  const { bits, blockSize } = given;
  if (bits === 2) return { refused: TWO_BITS, fix: USE_FOUR_BITS };
  const byChannel = bits === 8 || blockSize === 'channel' || perm !== null;
  return {
    choice: {
      ...BASE,
      ...given,
      encoding: 'dequantize-linear',
      blockSize: byChannel ? 'channel' : blockSize,
      rule: bits === 8 ? 'int8' : 'matmul-nbits',
      packing: transposed ? 'rows' : 'columns',
      scaleType: byChannel ? 'float32' : given.scaleType,
      minOpset: bits === 8 ? 13 : 21,
      adapted:
        byChannel && blockSize !== 'channel'
          ? `DequantizeLinear takes one scale a channel ${bits === 8 ? 'at 8 bit' : 'here'}: block size ${blockSize} is not used.`
          : null,
    },
  };
}

/** What TensorRT, OpenVINO and ONNX Runtime all read: positive scales as float32. */
export function portable(given: Given, row: EncodingRow, shape: MatrixShape): Decision {
  const { bits, blockSize } = given;
  if (bits === 2) return { refused: TWO_BITS, fix: USE_FOUR_BITS };
  const isMatrix = ['MatMul', 'Gemm', 'Gather', 'tied'].includes(row);
  const inBlocks = bits === 4 && isMatrix && shape.perm === null && shape.dims.length === 2;
  const used = inBlocks ? (blockSize === 64 ? 64 : 128) : 'channel';
  return {
    choice: {
      ...BASE,
      ...given,
      encoding: 'dequantize-linear',
      blockSize: used,
      // Of the 4-bit rules only this one gives positive scales where it is symmetric.
      rule: bits === 8 || given.symmetric ? 'int8' : 'matmul-nbits',
      packing: shape.transposed ? 'rows' : 'columns',
      scaleType: 'float32',
      minOpset: bits === 8 ? 13 : 21,
      adapted:
        used === blockSize
          ? null
          : `Portable runtimes take ${used === 'channel' ? 'one scale a channel here' : 'blocks of 64 or 128 at 4 bit'}: block size ${blockSize} is not used.`,
    },
  };
}
