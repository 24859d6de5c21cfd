import type { ValueInfo } from '../../model/model.ts';
import { dtypeOf } from './data-type.ts';
import { delimited, type Fields, int32Of, mergedMessage, textOf, toInt64 } from './fields.ts';
import { WIRE_BYTES, WIRE_VARINT } from './wire-tree.ts';

const TENSOR_TYPE = 1;
const DIM_VALUE = 1;
const DIM_PARAM = 2;

/** ValueInfoProto: name and, for tensors, type and dims as far as they are stated. */
export function readValueInfo(fields: Fields): ValueInfo {
  const name = textOf(fields, 1) ?? '';
  const type = mergedMessage(fields, 2);
  const tensorType = type && tensorTypeOf(type);
  if (!tensorType) return { name, dtype: null, dims: null };
  const shape = mergedMessage(tensorType, 2);
  return {
    name,
    dtype: dtypeOf(int32Of(tensorType, 1) ?? 0) ?? null,
    dims: shape && delimited(shape, 1).map(({ fields: dim }) => readDim(dim!)),
  };
}

/** Of the kinds of a type the last in the file counts, with what directly precedes it of its own. */
function tensorTypeOf(type: Fields): Fields | null {
  const kinds = type.filter(({ wireType }) => wireType === WIRE_BYTES);
  const lastOther = kinds.findLastIndex(({ number }) => number !== TENSOR_TYPE);
  return mergedMessage(kinds.slice(lastOther + 1), TENSOR_TYPE);
}

/** The last of its two fields counts. A negative size is how some exporters say "unknown". */
function readDim(dim: Fields): number | string | null {
  const last = dim.findLast(
    ({ number, wireType }) =>
      (number === DIM_VALUE && wireType === WIRE_VARINT) ||
      (number === DIM_PARAM && wireType === WIRE_BYTES),
  );
  if (last?.number !== DIM_VALUE) return textOf(dim, DIM_PARAM) || null;
  const value = toInt64(last.value);
  return value >= 0 ? value : null;
}
