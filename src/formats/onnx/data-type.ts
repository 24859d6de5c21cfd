/** ONNX `TensorProto.DataType` numbers, and which typed field holds each type. */
import type { DType } from '../../core/dtype.ts';

const DTYPES: readonly (DType | undefined)[] = [
  undefined,
  ...(['float32', 'uint8', 'int8', 'uint16', 'int16', 'int32', 'int64', 'string'] as const),
  ...(['bool', 'float16', 'float64', 'uint32', 'uint64', 'complex64', 'complex128'] as const),
  ...(['bfloat16', 'float8e4m3fn', 'float8e4m3fnuz', 'float8e5m2', 'float8e5m2fnuz'] as const),
  ...(['uint4', 'int4', 'float4e2m1', 'float8e8m0', 'uint2', 'int2'] as const),
];

/** The dtype of an ONNX data type number; undefined if Whittle does not know it. */
export const dtypeOf = (dataType: number): DType | undefined => DTYPES[dataType];

export const dataTypeOf = (dtype: DType): number => DTYPES.indexOf(dtype);

export const FLOAT_DATA = 4;
export const INT32_DATA = 5;
export const STRING_DATA = 6;
export const INT64_DATA = 7;
export const DOUBLE_DATA = 10;
export const UINT64_DATA = 11;
export const TYPED_FIELDS = [
  FLOAT_DATA,
  INT32_DATA,
  STRING_DATA,
  INT64_DATA,
  DOUBLE_DATA,
  UINT64_DATA,
];

/** The field of TensorProto that holds typed values of `dtype`. */
export function typedFieldOf(dtype: DType): number {
  if (dtype === 'float32' || dtype === 'complex64') return FLOAT_DATA;
  if (dtype === 'float64' || dtype === 'complex128') return DOUBLE_DATA;
  if (dtype === 'int64') return INT64_DATA;
  if (dtype === 'uint32' || dtype === 'uint64') return UINT64_DATA;
  return dtype === 'string' ? STRING_DATA : INT32_DATA;
}

/** Entries in the typed field for `elementCount` elements: sub-byte types share an entry. */
export function typedEntryCount(dtype: DType, elementCount: number): number {
  if (dtype === 'complex64' || dtype === 'complex128') return 2 * elementCount;
  if (dtype === 'int4' || dtype === 'uint4' || dtype === 'float4e2m1') {
    return Math.ceil(elementCount / 2);
  }
  return dtype === 'int2' || dtype === 'uint2' ? Math.ceil(elementCount / 4) : elementCount;
}
