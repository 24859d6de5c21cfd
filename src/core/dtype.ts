/** Element types of tensors, named as in safetensors and NumPy; sub-byte types are packed. */
const BITS = {
  float32: 32,
  float64: 64,
  float16: 16,
  bfloat16: 16,
  float8e4m3fn: 8,
  float8e4m3fnuz: 8,
  float8e5m2: 8,
  float8e5m2fnuz: 8,
  float8e8m0: 8,
  float4e2m1: 4,
  int8: 8,
  int16: 16,
  int32: 32,
  int64: 64,
  uint8: 8,
  uint16: 16,
  uint32: 32,
  uint64: 64,
  int4: 4,
  uint4: 4,
  int2: 2,
  uint2: 2,
  bool: 8,
  complex64: 64,
  complex128: 128,
  string: 0, // variable: its byte length is not a function of its dims
} as const;

export type DType = keyof typeof BITS;

export const bitsPerElement = (dtype: DType): number => BITS[dtype];

/** Bytes of `elementCount` packed elements; a partial last byte counts whole. */
export const byteLengthOf = (dtype: DType, elementCount: number): number =>
  Math.ceil((BITS[dtype] * elementCount) / 8);

/** Types that hold real-valued weights. */
export const isFloat = (dtype: DType): boolean =>
  dtype === 'float32' || dtype === 'float16' || dtype === 'bfloat16' || dtype === 'float64';
