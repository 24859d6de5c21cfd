/** From the results of quantization to the bytes of an encoding's stored tensors. */
import type { FloatChoice, QuantizedChoice } from '../catalog/encodings.ts';
import type { MatrixShape } from '../catalog/matrix-shape.ts';
import { assert } from '../core/assert.ts';
import { float16Value } from '../core/float16.ts';
import type { Quantized } from '../core/quantize-spec.ts';
import type { Payloads } from './encoder.ts';
import { flatCodes, packFlat, signed } from './flat-codes.ts';
import { keepNonZeros } from './kept-values.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Stored bytes by role; `encodingLayout` says their dtypes and dims. May reuse the given buffers. */
export const payloadsOf = (
  choice: QuantizedChoice,
  shape: MatrixShape,
  quantized: Omit<Quantized, 'errors'>,
): Payloads => keepNonZeros(choice, shape, densePayloads(choice, shape, quantized));

function densePayloads(
  choice: QuantizedChoice,
  shape: MatrixShape,
  { codes, scales, zeroPoints }: Omit<Quantized, 'errors'>,
): Payloads {
  assert(choice.symmetric === (zeroPoints === null), 'zero points exist if asymmetric');
  const { K, N } = shape;
  const zeros = zeroPoints === null ? {} : { zeroPoints };
  const blocks = choice.blockSize === 'channel' ? 1 : Math.ceil(K / choice.blockSize);
  switch (choice.encoding) {
    case 'matmul-nbits':
    case 'gather-block-quantized':
    case 'tied-nbits':
    case 'tied-uint8':
    case 'dynamic-uint8':
    case 'conv-uint8':
      return { codes, scales, ...zeros };
    case 'int8-rows':
      return { codes: choice.symmetric ? signed(codes, 8) : codes, scales, ...zeros };
    case 'packed-rows':
      return {
        codes: choice.symmetric && choice.bits === 8 ? signed(codes, 8) : codes,
        scales,
        ...(zeroPoints && { zeroPoints: rowZeros(choice, zeroPoints, blocks, N) }),
      };
    case 'tied-blocks': {
      const zeroBytes = zeroPoints && rowZeros(choice, zeroPoints, blocks, N);
      const columns = columnScales(choice, scales, zeroBytes, N, (i) => Math.floor(i / blocks));
      return { codes, scales, ...(zeroBytes && { zeroPoints: zeroBytes }), columnScales: columns };
    }
    case 'blocks-to-uint8': {
      const columns = columnScales(choice, scales, zeroPoints, N, (i) => i % N);
      return { codes, scales, ...zeros, columnScales: columns };
    }
    case 'static-int8': {
      // Around 128 where inputs are unsigned too: processors without VNNI saturate on mixed signs.
      const isSigned = choice.activation?.signed === true;
      return {
        codes: isSigned ? signed(codes, 8) : codes,
        scales,
        zeroPoints: new Uint8Array(N).fill(isSigned ? 0 : 128),
      };
    }
    case 'dequantize-linear':
      return {
        codes: flatCodes(codes, choice, shape),
        scales,
        zeroPoints: flatZeros(choice, zeroPoints, blocks, N),
      };
  }
}

/** @param values little-endian, of `choice.dtype`, in the order of the constant's axes */
export const floatPayloads = (choice: FloatChoice, shape: MatrixShape, values: Bytes): Payloads =>
  keepNonZeros(choice, shape, { values });

function flatZeros(
  choice: QuantizedChoice,
  zeroPoints: Bytes | null,
  blocks: number,
  N: number,
): Bytes {
  const { bits, packing } = choice;
  if (zeroPoints === null) return new Uint8Array(Math.ceil((N * blocks * bits) / 8));
  const single = packing === 'columns' ? zeroPoints : rowZeros(choice, zeroPoints, blocks, N);
  return packFlat(single, bits);
}

/**
 * One scale a column for the 8-bit matrix that the blocks unpack to: the largest magnitude that the
 * column's blocks can hold, over 127. In a symmetric block the extreme code is 0 (the scale has
 * the sign for it); in an asymmetric one either end.
 * @param columnOf the column of the block at a position
 */
function columnScales(
  { bits, scaleType }: QuantizedChoice,
  scales: Bytes,
  zeroPoints: Bytes | null,
  N: number,
  columnOf: (index: number) => number,
): Bytes {
  const levels = 2 ** bits - 1;
  const values = scaleValues(scales, scaleType);
  const columns = new Float32Array(N);
  for (let i = 0; i < values.length; i++) {
    const n = columnOf(i);
    const zero = zeroPoints?.[i] ?? 2 ** (bits - 1);
    const reach = Math.abs(values[i] ?? 0) * Math.max(zero, levels - zero);
    columns[n] = Math.max(columns[n] ?? 0, reach / 127);
  }
  // A column of zeros divides by one.
  return new Uint8Array(columns.map((scale) => scale || 1).buffer);
}

function scaleValues(scales: Bytes, scaleType: QuantizedChoice['scaleType']): ArrayLike<number> {
  const { buffer, byteOffset, byteLength } = scales;
  if (scaleType === 'float32') return new Float32Array(buffer, byteOffset, byteLength >> 2);
  return Float32Array.from(new Uint16Array(buffer, byteOffset, byteLength >> 1), float16Value);
}

/** One byte each from rows of packed zero points. */
function rowZeros({ bits }: QuantizedChoice, packed: Bytes, blocks: number, N: number): Bytes {
  const rowBytes = Math.ceil((blocks * bits) / 8);
  const mask = 2 ** bits - 1;
  return Uint8Array.from({ length: N * blocks }, (_, i) => {
    const bit = (i % blocks) * bits;
    const byte = packed[Math.floor(i / blocks) * rowBytes + (bit >> 3)] ?? 0;
    return (byte >> (bit & 7)) & mask;
  });
}
