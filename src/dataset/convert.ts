/** Numbers as a graph input takes them, where no value changes on the way. */
import type { DType } from '../core/dtype.ts';
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
 * `tensor` with the element type `dtype`: integers among themselves while they fit, float64 to
 * float32 (rounded). null where that would change what the numbers mean (a byte image fed as
 * floats) or a value does not fit.
 */
export function convert(tensor: FeedTensor, dtype: DType): FeedTensor | null {
  if (tensor.dtype === dtype) return tensor;
  if (tensor.dtype === 'float64' && dtype === 'float32') {
    return { ...tensor, dtype, data: Float32Array.from(tensor.data as Float64Array) };
  }
  const range = INTEGER_RANGE[dtype];
  if (!range || !(tensor.dtype in INTEGER_RANGE)) return null;
  const [low, high] = range;
  for (const value of tensor.data) if (value < low || value > high) return null;
  return { ...tensor, dtype, data: integers(tensor.data, dtype) };
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
