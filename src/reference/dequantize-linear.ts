import { assert } from '../core/assert.ts';
import { float16Bits, float16Value } from '../core/float16.ts';
import { elementCount } from '../core/shape.ts';

export interface DequantizeLinearSpec {
  readonly dims: readonly number[];
  readonly bits: 2 | 4 | 8;
  /** Two's complement fields. */
  readonly signed: boolean;
  /** The axis that scales differ along; null: one scale for all. */
  readonly axis: number | null;
  /** Elements along `axis` that share a scale; 0: one scale for each index of `axis`. */
  readonly blockSize: number;
  readonly scaleType: 'float32' | 'float16';
}

/**
 * ONNX's DequantizeLinear: `(q − zeroPoint) · scale` in the type of the scales.
 * - `codes`, `zeroPoints` — flat fields, the first in the lowest bits; zero points null: 0
 * - `scales` — little-endian, of the dims of the codes with `axis` divided by the block size and
 *   rounded up; [dims[axis]] without blocks
 * @see https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html
 */
export function dequantizeLinear(
  codes: Uint8Array,
  scales: Uint8Array,
  zeroPoints: Uint8Array | null,
  spec: DequantizeLinearSpec,
): Float32Array<ArrayBuffer> {
  const { dims, scaleType } = spec;
  const field = fieldOf(spec);
  const scaleIndex = scaleIndexOf(spec);
  const view = new DataView(scales.buffer, scales.byteOffset, scales.byteLength);
  return Float32Array.from({ length: elementCount(dims) }, (_, i) => {
    const at = scaleIndex(i);
    const q = field(codes, i) - (zeroPoints ? field(zeroPoints, at) : 0);
    if (scaleType === 'float32') return q * view.getFloat32(4 * at, true);
    const product = Math.fround(q * float16Value(view.getUint16(2 * at, true)));
    return float16Value(float16Bits(product));
  });
}

function fieldOf({ bits, signed }: DequantizeLinearSpec) {
  const per = 8 / bits;
  const half = 2 ** (bits - 1);
  return (bytes: Uint8Array, i: number): number => {
    const value = (bytes[Math.floor(i / per)]! >> (bits * (i % per))) & (2 ** bits - 1);
    return signed && value >= half ? value - 2 * half : value;
  };
}

/** From an element's index to its scale's. */
function scaleIndexOf({ dims, axis, blockSize }: DequantizeLinearSpec): (i: number) => number {
  if (axis === null) return () => 0;
  const length = dims[axis];
  assert(length !== undefined, `axis ${axis} of ${dims.length}`);
  const inner = elementCount(dims.slice(axis + 1));
  if (blockSize === 0) return (i) => Math.floor(i / inner) % length;
  const blocks = Math.ceil(length / blockSize);
  return (i) => {
    const place = Math.floor(i / inner);
    const outer = Math.floor(place / length);
    const block = Math.floor((place % length) / blockSize);
    return (outer * blocks + block) * inner + (i % inner);
  };
}
