/** From the results of quantization to the bytes of an encoding's stored tensors. */
import type { TensorRole } from '../catalog/encoding-layout.ts';
import type { EncodingChoice } from '../catalog/encodings.ts';
import { assert } from '../core/assert.ts';
import { float16Value } from '../core/float16.ts';
import type { Quantized } from '../core/quantize-spec.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Stored bytes by role; `encodingLayout` says their dtypes and dims. May reuse the given buffers.
 * @param K length of the axis that blocks run along
 * @param N output channels
 */
export function payloadsOf(
  choice: EncodingChoice,
  K: number,
  N: number,
  { codes, scales, zeroPoints }: Omit<Quantized, 'errors'>,
): Readonly<Partial<Record<TensorRole, Bytes>>> {
  assert(choice.symmetric === (zeroPoints === null), 'zero points exist if asymmetric');
  const zeros = zeroPoints === null ? {} : { zeroPoints };
  const blocks = choice.blockSize === 'channel' ? 1 : Math.ceil(K / choice.blockSize);
  switch (choice.encoding) {
    case 'matmul-nbits':
    case 'gather-block-quantized':
    case 'dynamic-uint8':
      return { codes, scales, ...zeros };
    case 'int8-rows':
      return { codes: choice.symmetric ? signed(codes) : codes, scales, ...zeros };
    case 'packed-rows':
      return {
        codes: choice.symmetric && choice.bits === 8 ? signed(codes) : codes,
        scales,
        ...(zeroPoints && { zeroPoints: unpackedZeros(choice, zeroPoints, blocks, N) }),
      };
    case 'blocks-to-uint8':
      return { codes, scales, ...zeros, columnScales: columnScales(choice, scales, zeroPoints, N) };
  }
}

/** Codes around 128 → two's complement, in place, four at a time where they align. */
function signed(codes: Bytes): Bytes {
  const words = new Uint32Array(codes.buffer, codes.byteOffset, codes.byteLength >> 2);
  for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0) ^ 0x80808080;
  for (let i = words.length * 4; i < codes.length; i++) codes[i] = (codes[i] ?? 0) ^ 0x80;
  return codes;
}

/**
 * One scale a column for the 8-bit matrix that the blocks unpack to: the largest magnitude that the
 * column's blocks can hold, over 127. In a symmetric block the extreme code is 0 (the scale has
 * the sign for it); in an asymmetric one either end.
 * @param scales [blocks, N]
 */
function columnScales(
  { bits, scaleType }: EncodingChoice,
  scales: Bytes,
  zeroPoints: Bytes | null,
  N: number,
): Bytes {
  const levels = 2 ** bits - 1;
  const values = scaleValues(scales, scaleType);
  const columns = new Float32Array(N);
  for (let i = 0, n = 0; i < values.length; i++, n = n + 1 === N ? 0 : n + 1) {
    const zero = zeroPoints?.[i] ?? 2 ** (bits - 1);
    const reach = Math.abs(values[i] ?? 0) * Math.max(zero, levels - zero);
    columns[n] = Math.max(columns[n] ?? 0, reach / 127);
  }
  // A column of zeros divides by one.
  return new Uint8Array(columns.map((scale) => scale || 1).buffer);
}

function scaleValues(scales: Bytes, scaleType: EncodingChoice['scaleType']): ArrayLike<number> {
  const { buffer, byteOffset, byteLength } = scales;
  if (scaleType === 'float32') return new Float32Array(buffer, byteOffset, byteLength >> 2);
  return Float32Array.from(new Uint16Array(buffer, byteOffset, byteLength >> 1), float16Value);
}

/** One byte each from rows of packed zero points. */
function unpackedZeros({ bits }: EncodingChoice, packed: Bytes, blocks: number, N: number): Bytes {
  const rowBytes = Math.ceil((blocks * bits) / 8);
  const mask = 2 ** bits - 1;
  return Uint8Array.from({ length: N * blocks }, (_, i) => {
    const bit = (i % blocks) * bits;
    const byte = packed[Math.floor(i / blocks) * rowBytes + (bit >> 3)] ?? 0;
    return (byte >> (bit & 7)) & mask;
  });
}
