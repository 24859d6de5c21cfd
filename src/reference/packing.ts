/** Layouts of codes and zero points, as `QuantizeSpec` names them. */
import { assert } from '../core/assert.ts';
import { type QuantizeSpec, quantizedLayout } from '../core/quantize-spec.ts';

type Layout = Pick<
  QuantizeSpec,
  'rule' | 'bits' | 'blockSize' | 'symmetric' | 'scaleType' | 'K' | 'N' | 'transposed' | 'packing'
>;

/** `codes` — uint8 [N, K], one code a byte */
export function packCodes(codes: Uint8Array, spec: Layout): Uint8Array<ArrayBuffer> {
  const { bits, K, N } = spec;
  assert(codes.length === N * K && largestOf(codes) < 1 << bits, `${bits}-bit codes`);
  const packed = new Uint8Array(quantizedLayout(spec).codesByteLength);
  const { first, next } = placesOf(spec);
  const per = 8 / bits;
  for (let n = 0, from = 0; n < N; n++) {
    for (let k = 0, byte = n * first; k < K; byte += next) {
      let word = 0;
      const end = Math.min(K, k + per);
      for (let shift = 0; k < end; k++, shift += bits) word |= codes[from++]! << shift;
      packed[byte] = word;
    }
  }
  return packed;
}

/** The inverse of `packCodes`: uint8 [N, K]. */
export function unpackCodes(packed: Uint8Array, spec: Layout): Uint8Array<ArrayBuffer> {
  const { bits, K, N } = spec;
  const codes = new Uint8Array(N * K);
  const { first, next } = placesOf(spec);
  const per = 8 / bits;
  const mask = (1 << bits) - 1;
  for (let n = 0, to = 0; n < N; n++) {
    for (let k = 0, byte = n * first; k < K; byte += next) {
      const word = packed[byte]!;
      const end = Math.min(K, k + per);
      for (let shift = 0; k < end; k++, shift += bits) codes[to++] = (word >> shift) & mask;
    }
  }
  return codes;
}

/** `zeroPoints` — uint8 [N, blockCount] */
export function packZeroPoints(zeroPoints: Uint8Array, spec: Layout): Uint8Array<ArrayBuffer> {
  const { bits, N, packing } = spec;
  const { blockCount } = quantizedLayout(spec);
  if (packing === 'columns') {
    const turned = new Uint8Array(N * blockCount);
    zeroPoints.forEach((z, i) => {
      turned[(i % blockCount) * N + Math.floor(i / blockCount)] = z;
    });
    return turned;
  }
  const per = 8 / bits;
  const rowBytes = Math.ceil(blockCount / per);
  const packed = new Uint8Array(N * rowBytes);
  for (let n = 0; n < N; n++) {
    for (let b = 0; b < rowBytes * per; b++) {
      const z = b < blockCount ? zeroPoints[n * blockCount + b]! : 2 ** (bits - 1);
      packed[n * rowBytes + Math.floor(b / per)]! |= z << (bits * (b % per));
    }
  }
  return packed;
}

function largestOf(codes: Uint8Array): number {
  let largest = 0;
  for (let i = 0; i < codes.length; i++) largest = Math.max(largest, codes[i]!);
  return largest;
}

/** Bytes from a channel's first to the next channel's, and from a byte of a channel to its next. */
function placesOf(spec: Layout): { readonly first: number; readonly next: number } {
  return spec.packing === 'columns'
    ? { first: 1, next: spec.N }
    : { first: quantizedLayout(spec).codesByteLength / spec.N, next: 1 };
}

/** The inverse of `packZeroPoints`: uint8 [N, blockCount]. */
export function unpackZeroPoints(packed: Uint8Array, spec: Layout): Uint8Array<ArrayBuffer> {
  const { bits, N, packing } = spec;
  const { blockCount } = quantizedLayout(spec);
  const per = 8 / bits;
  const rowBytes = Math.ceil(blockCount / per);
  return Uint8Array.from({ length: N * blockCount }, (_, i) => {
    const n = Math.floor(i / blockCount);
    const b = i % blockCount;
    if (packing === 'columns') return packed[b * N + n]!;
    return (packed[n * rowBytes + Math.floor(b / per)]! >> (bits * (b % per))) & (2 ** bits - 1);
  });
}
