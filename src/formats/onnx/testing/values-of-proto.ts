/** Values of decoded TensorProtos, by what onnx.proto says of each field. */
import { isFieldSet } from '@bufbuild/protobuf';
import {
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  type TensorProto,
  TensorProtoSchema,
} from 'onnx-buf';
import { ANY } from './first-difference.ts';

/** Bytes of side files by path below the model's folder. */
export type SideFiles = ReadonlyMap<string, Uint8Array>;

const NAMES: Readonly<Record<string, string>> = { FLOAT: 'float32', DOUBLE: 'float64' };

/** Whittle's name of a data type; null for those it does not know. */
export const dtypeName = (dataType: number): string | null => {
  const name = dataType === 0 ? undefined : DataType[dataType];
  return name === undefined ? null : (NAMES[name] ?? name.toLowerCase());
};

export function tensorOf(tensor: TensorProto, sides: SideFiles) {
  const dims = tensor.dims.map(Number);
  return { dtype: dtypeName(tensor.dataType), dims, values: valuesOf(tensor, dims, sides) };
}

function valuesOf(tensor: TensorProto, dims: number[], sides: SideFiles): Uint8Array | symbol {
  const { dataType } = tensor;
  if (dataType === DataType.STRING) return ANY;
  if (tensor.dataLocation === DataLocation.EXTERNAL) return externalValues(tensor, dims, sides);
  if (isFieldSet(tensor, TensorProtoSchema.field.rawData)) return tensor.rawData;
  const bytes = ({
    buffer,
    byteOffset,
    byteLength,
  }: Int8Array | Float64Array | Float32Array | BigInt64Array | Int16Array | Int32Array) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  // JavaScript's numbers do not keep the bits of a NaN.
  if ([...tensor.floatData, ...tensor.doubleData].some(Number.isNaN)) return ANY;
  switch (dataType) {
    case DataType.FLOAT:
    case DataType.COMPLEX64:
      return bytes(Float32Array.from(tensor.floatData));
    case DataType.DOUBLE:
    case DataType.COMPLEX128:
      return bytes(Float64Array.from(tensor.doubleData));
    case DataType.INT64:
      return bytes(BigInt64Array.from(tensor.int64Data));
    case DataType.UINT64:
      return bytes(BigInt64Array.from(tensor.uint64Data));
    case DataType.UINT32:
      return bytes(Int32Array.from(tensor.uint64Data, (value) => Number(BigInt.asIntN(32, value))));
    case DataType.INT32:
      return bytes(Int32Array.from(tensor.int32Data));
    case DataType.INT16:
    case DataType.UINT16:
    case DataType.FLOAT16:
    case DataType.BFLOAT16:
      return bytes(Int16Array.from(tensor.int32Data));
    default:
      return bytes(Int8Array.from(tensor.int32Data));
  }
}

function externalValues(tensor: TensorProto, dims: number[], sides: SideFiles): Uint8Array {
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
  const location = (entries.get('location') ?? '').split('/').filter((step) => step !== '.');
  const side = sides.get(location.join('/')) ?? sides.get(location.at(-1) ?? '');
  if (!side) throw new Error(`there is no side file ${location.join('/')}`);
  const offset = Number(entries.get('offset') ?? 0);
  const count = dims.reduce((product, dim) => product * dim, 1);
  const length = entries.get('length');
  const bits = BITS[tensor.dataType] ?? 8;
  return side.subarray(offset, offset + Number(length ?? Math.ceil((count * bits) / 8)));
}

const BITS: Readonly<Record<number, number>> = {
  ...{ [DataType.FLOAT]: 32, [DataType.INT32]: 32, [DataType.UINT32]: 32 },
  ...{ [DataType.DOUBLE]: 64, [DataType.INT64]: 64, [DataType.UINT64]: 64 },
  ...{ [DataType.COMPLEX64]: 64, [DataType.COMPLEX128]: 128 },
  ...{ [DataType.FLOAT16]: 16, [DataType.BFLOAT16]: 16, [DataType.INT16]: 16 },
  ...{ [DataType.UINT16]: 16, [DataType.INT4]: 4, [DataType.UINT4]: 4 },
  ...{ [DataType.FLOAT4E2M1]: 4, [DataType.INT2]: 2, [DataType.UINT2]: 2 },
};
