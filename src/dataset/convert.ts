/** Numbers as a graph input takes them, where no value changes on the way. */
import type { DType } from '../core/dtype.ts';
import { float16Bits, float16Value } from '../core/float16.ts';
import type { FeedTensor, FeedValues } from './rows.ts';

const INTEGER_RANGE: Partial<Record<DType, readonly [bigint, bigint]>> = {
  bool: [0n, 1n],
  int8: [-128n, 127n],
  uint8: [0n, 255n],
  int16: [-32768n, 32767n],
  uint16: [0n, 65535n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

/**
 * `tensor` with the element type `dtype`: integers among themselves while they fit, floats among
 * themselves (rounded to the narrower type). null where that would change what the numbers mean (a
 * byte image fed as floats) or an integer does not fit.
 */
export function convert(tensor: FeedTensor, dtype: DType): FeedTensor | null {
  if (tensor.dtype === dtype) return tensor;
  const floats = floatsOf(tensor);
  if (floats) {
    const data = asFloats(floats, dtype);
    return data && { ...tensor, dtype, data };
  }
  const range = INTEGER_RANGE[dtype];
  if (!range || !(tensor.dtype in INTEGER_RANGE)) return null;
  const [low, high] = range;
  for (const value of tensor.data) if (value < low || value > high) return null;
  return { ...tensor, dtype, data: integers(tensor.data, dtype) };
}

function floatsOf({ dtype, data }: FeedTensor): Float32Array | Float64Array | null {
  if (dtype === 'float16') return Float32Array.from(data as Uint16Array, float16Value);
  return data instanceof Float32Array || data instanceof Float64Array ? data : null;
}

function asFloats(values: Float32Array | Float64Array, dtype: DType): FeedValues | null {
  if (dtype === 'float32') return Float32Array.from(values);
  if (dtype === 'float64') return Float64Array.from(values);
  return dtype === 'float16' ? Uint16Array.from(values, float16Bits) : null;
}

/** `values` (already in range) as the typed array of integer type `dtype`. */
export function integers(values: ArrayLike<number | bigint>, dtype: DType): FeedValues {
  const numbers = () => Array.from(values, Number);
  switch (dtype) {
    case 'int64':
      return BigInt64Array.from(Array.from(values, BigInt));
    case 'uint64':
      return BigUint64Array.from(Array.from(values, BigInt));
    case 'int8':
      return Int8Array.from(numbers());
    case 'int16':
      return Int16Array.from(numbers());
    case 'uint16':
      return Uint16Array.from(numbers());
    case 'uint32':
      return Uint32Array.from(numbers());
    case 'uint8':
    case 'bool':
      return Uint8Array.from(numbers());
    default:
      return Int32Array.from(numbers());
  }
}
