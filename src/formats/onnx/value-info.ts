import type { ValueInfo } from '../../model/model.ts';
import { dtypeOf } from './data-type.ts';
import { delimited, type Fields, intOf, mergedMessage, textOf } from './fields.ts';

/** ValueInfoProto: name and, for tensors, type and dims as far as they are stated. */
export function readValueInfo(fields: Fields): ValueInfo {
  const name = textOf(fields, 1) ?? '';
  const type = mergedMessage(fields, 2);
  const tensorType = type && mergedMessage(type, 1);
  if (!tensorType) return { name, dtype: null, dims: null };
  const shape = mergedMessage(tensorType, 2);
  return {
    name,
    dtype: dtypeOf(intOf(tensorType, 1) ?? 0) ?? null,
    dims: shape && delimited(shape, 1).map(({ fields: dim }) => readDim(dim!)),
  };
}

/** A negative size is how some exporters say "unknown". */
function readDim(dim: Fields): number | string | null {
  const value = intOf(dim, 1);
  if (value !== undefined) return value >= 0 ? value : null;
  return textOf(dim, 2) || null;
}
