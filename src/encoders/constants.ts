/** Small constants that encoded graphs share, one of each value. */
import type { EncodeContext } from './encode-context.ts';

export const byteScalar = (context: EncodeContext, value: number): string =>
  context.constant(`uint8_${value}`, () => ({
    dtype: 'uint8',
    dims: [],
    bytes: Uint8Array.of(value),
  }));

export const floatScalar = (context: EncodeContext, value: number): string =>
  context.constant(`float_${value}`, () => ({
    dtype: 'float32',
    dims: [],
    bytes: new Uint8Array(Float32Array.of(value).buffer),
  }));

export const int64s = (context: EncodeContext, values: readonly number[]): string =>
  context.constant(`int64_${values.join('x')}`, () => ({
    dtype: 'int64',
    dims: [values.length],
    bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
  }));

export const int32Scalar = (context: EncodeContext, value: number): string =>
  context.constant(`int32_${value}`, () => ({
    dtype: 'int32',
    dims: [],
    bytes: new Uint8Array(Int32Array.of(value).buffer),
  }));
