/** Constants given as plain attribute values: `value_float`, `value_ints` and their like. */
import type { Payload, Tensor, TypedRange } from '../../model/model.ts';
import { FLOAT_DATA } from './data-type.ts';
import { delimited, type Fields, floatOf, floatsOf, intOf, intsOf } from './fields.ts';
import { WIRE_BYTES, WIRE_FIXED32 } from './wire-tree.ts';

/** @param key the attribute's name; null for other attributes, and lists too long to load */
export function inlineConstant(key: string, fields: Fields): Tensor | null {
  switch (key) {
    case 'value_float':
      return numeric('float32', [], [floatOf(fields, 2) ?? 0]);
    case 'value_int':
      return numeric('int64', [], [intOf(fields, 3) ?? 0]);
    case 'value_floats':
      return listOf('float32', floatsOf(fields, 7)) ?? longFloats(fields);
    case 'value_ints':
      return listOf('int64', intsOf(fields, 8));
    case 'value_string':
      return strings([], delimited(fields, 4).slice(-1));
    case 'value_strings': {
      const values = delimited(fields, 9);
      return strings([values.length], values);
    }
    default:
      return null;
  }
}

const listOf = (dtype: 'float32' | 'int64', values: readonly number[] | null): Tensor | null =>
  values && numeric(dtype, [values.length], values);

function numeric(dtype: 'float32' | 'int64', dims: number[], values: readonly number[]): Tensor {
  const elements: Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer> =
    dtype === 'float32' ? Float32Array.from(values) : BigInt64Array.from(values, BigInt);
  return constant(dtype, dims, elements.byteLength, elements.byteLength, {
    kind: 'inline',
    bytes: new Uint8Array(elements.buffer),
  });
}

/** The attribute's floats are laid out as TensorProto's `float_data`. */
function longFloats(fields: Fields): Tensor | null {
  const own = fields.filter(
    ({ number, wireType }) => number === 7 && [WIRE_BYTES, WIRE_FIXED32].includes(wireType),
  );
  const counts = own.map(({ wireType, count, contentStart, end }) =>
    wireType === WIRE_BYTES ? (end - contentStart) / 4 : count,
  );
  if (!counts.every(Number.isInteger)) return null;
  const length = counts.reduce((sum, count) => sum + count, 0);
  const ranges = own.map(
    ({ contentStart: start, end, wireType }): TypedRange => ({ file: 0, start, end, wireType }),
  );
  const stored = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  const payload: Payload = { kind: 'typed', field: FLOAT_DATA, ranges };
  return constant('float32', [length], 4 * length, stored, payload);
}

/** Strings have no raw bytes: only that they are constant, and how long, is of use. */
function strings(dims: number[], values: Fields): Tensor {
  const byteLength = values.reduce((sum, { contentStart, end }) => sum + end - contentStart, 0);
  const payload: Payload = { kind: 'inline', bytes: new Uint8Array(0) };
  return constant('string', dims, byteLength, byteLength, payload);
}

const constant = (
  dtype: Tensor['dtype'],
  dims: readonly number[],
  byteLength: number,
  storedByteLength: number,
  payload: Payload,
): Tensor => ({
  ...{ name: '', dtype, dims, byteLength, storedByteLength, payload },
  place: 'constant-node',
});
