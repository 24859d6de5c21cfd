import { assert } from '../../core/assert.ts';
import { isFloat } from '../../core/dtype.ts';
import type { Tensor } from '../../model/model.ts';
import { type PayloadSource, readTensor } from './read-tensor.ts';

/**
 * A float tensor as float32, row-major: exact for float16 and bfloat16, rounded for float64.
 * @throws as `readTensor`
 */
export async function readFloat32(
  source: PayloadSource,
  tensor: Tensor,
): Promise<Float32Array<ArrayBuffer>> {
  assert(isFloat(tensor.dtype), `${tensor.name} is ${tensor.dtype}, not a float tensor`);
  const { buffer } = await readTensor(source, tensor);
  switch (tensor.dtype) {
    case 'float64':
      return Float32Array.from(new Float64Array(buffer));
    case 'bfloat16':
      return widenBfloat16(new Uint16Array(buffer));
    case 'float16':
      return Float32Array.from(new Uint16Array(buffer), float16ToNumber);
    default:
      return new Float32Array(buffer);
  }
}

function widenBfloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(halves.length);
  for (const [index, half] of halves.entries()) bits[index] = half << 16;
  return new Float32Array(bits.buffer);
}

/** The value of an IEEE 754 binary16 bit pattern. */
function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
