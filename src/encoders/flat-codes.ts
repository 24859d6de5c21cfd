/** Codes in the order and width in which DequantizeLinear takes them. */
import type { QuantizedChoice } from '../catalog/encodings.ts';
import type { MatrixShape } from '../catalog/matrix-shape.ts';
import { permute } from '../core/permute.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Codes as `rows` or `columns` pack them → flat over the constant's elements, first in the lowest bits. */
export function flatCodes(
  codes: Bytes,
  { bits, packing, symmetric }: QuantizedChoice,
  { K, N, dims, perm }: MatrixShape,
): Bytes {
  const isFlat = perm === null && (bits === 8 || (packing === 'rows' && (K * bits) % 8 === 0));
  if (isFlat) return symmetric ? signed(codes, bits) : codes;
  const single = packing === 'rows' ? rowCodes(codes, bits, K, N) : columnCodes(codes, bits, K, N);
  const ordered = perm === null ? single : unpermuted(single, dims, perm);
  const packed = packFlat(ordered, bits);
  return symmetric ? signed(packed, bits) : packed;
}

/** Packs codes of one byte each, first in the lowest bits. */
export function packFlat(codes: Uint8Array, bits: number): Bytes {
  if (bits === 8) return new Uint8Array(codes);
  const perByte = 8 / bits;
  const packed = new Uint8Array(Math.ceil(codes.length / perByte));
  for (let i = 0; i < codes.length; i++) {
    const at = Math.floor(i / perByte);
    packed[at] = (packed[at] ?? 0) | ((codes[i] ?? 0) << ((i % perByte) * bits));
  }
  return packed;
}

/** Offset codes → two's complement, in place, four bytes at a time where they align. */
export function signed(codes: Bytes, bits: number): Bytes {
  const mask = bits === 4 ? 0x88 : 0x80;
  const words = new Uint32Array(codes.buffer, codes.byteOffset, codes.byteLength >> 2);
  const wide = mask * 0x01010101;
  for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0) ^ wide;
  for (let i = words.length * 4; i < codes.length; i++) codes[i] = (codes[i] ?? 0) ^ mask;
  return codes;
}

/** [N, K], one byte each. */
function rowCodes(codes: Bytes, bits: number, K: number, N: number): Bytes {
  if (bits === 8) return codes;
  const rowBytes = Math.ceil((K * bits) / 8);
  const mask = 2 ** bits - 1;
  const single = new Uint8Array(N * K);
  for (let n = 0, i = 0; n < N; n++) {
    for (let k = 0; k < K; k++, i++) {
      const bit = k * bits;
      single[i] = ((codes[n * rowBytes + (bit >> 3)] ?? 0) >> (bit & 7)) & mask;
    }
  }
  return single;
}

/** [K, N], one byte each. */
function columnCodes(codes: Bytes, bits: number, K: number, N: number): Bytes {
  const mask = 2 ** bits - 1;
  const single = new Uint8Array(K * N);
  for (let k = 0, i = 0; k < K; k++) {
    const bit = k * bits;
    const row = (bit >> 3) * N;
    for (let n = 0; n < N; n++, i++) {
      single[i] = ((codes[row + n] ?? 0) >> (bit & 7)) & mask;
    }
  }
  return single;
}

/** From the order of `perm` back to the constant's. */
function unpermuted(single: Bytes, dims: readonly number[], perm: readonly number[]): Bytes {
  const inverse = perm.map((_, axis) => perm.indexOf(axis));
  const lying = perm.map((axis) => dims[axis] ?? 1);
  return permute(single, lying, inverse);
}
