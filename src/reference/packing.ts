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
  assert(codes.length === N * K && codes.every((code) => code < 2 ** bits), `${bits}-bit codes`);
  const packed = new Uint8Array(quantizedLayout(spec).codesByteLength);
  const place = codePlace(spec);
  for (let n = 0; n < N; n++) {
    for (let k = 0; k < K; k++) {
      const { byte, shift } = place(k, n);
      packed[byte]! |= codes[n * K + k]! << shift;
    }
  }
  return packed;
}

/** The inverse of `packCodes`: uint8 [N, K]. */
export function unpackCodes(packed: Uint8Array, spec: Layout): Uint8Array<ArrayBuffer> {
  const { bits, K, N } = spec;
  const codes = new Uint8Array(N * K);
  const place = codePlace(spec);
  for (let n = 0; n < N; n++) {
    for (let k = 0; k < K; k++) {
      const { byte, shift } = place(k, n);
      codes[n * K + k] = (packed[byte]! >> shift) & (2 ** bits - 1);
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

function codePlace(spec: Layout): (k: number, n: number) => { byte: number; shift: number } {
  const { bits, N } = spec;
  const per = 8 / bits;
  const rowBytes = quantizedLayout(spec).codesByteLength / N;
  return (k, n) => {
    const byte = Math.floor(k / per);
    return {
      byte: spec.packing === 'columns' ? byte * N + n : n * rowBytes + byte,
      shift: bits * (k % per),
    };
  };
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
