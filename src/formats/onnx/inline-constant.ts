/** Constants given as plain attribute values: `value_float`, `value_ints` and their like. */
import type { Payload, Tensor, TypedRange } from '../../model/model.ts';
import { FLOAT_DATA } from './data-type.ts';
import { delimited, type Fields, floatOf, floatsOf, int64Of, int64sOf } from './fields.ts';
import { WIRE_BYTES, WIRE_FIXED32 } from './wire-tree.ts';

/** @param key the attribute's name; null for other attributes, and lists too long to load */
export function inlineConstant(key: string, fields: Fields): Tensor | null {
  switch (key) {
    case 'value_float':
      return numeric('float32', [], Float32Array.of(floatOf(fields, 2) ?? 0));
    case 'value_int':
      return integers([], [int64Of(fields, 3) ?? 0n]);
    case 'value_floats': {
      const values = floatsOf(fields, 7);
      return values
        ? numeric('float32', [values.length], Float32Array.from(values))
        : longFloats(fields);
    }
    case 'value_ints': {
      const values = int64sOf(fields, 8);
      return values && integers([values.length], values);
    }
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

const MOST_INTS = 16;

function integers(dims: number[], values: readonly bigint[]): Tensor {
  const tensor = numeric('int64', dims, BigInt64Array.from(values));
  return values.length > MOST_INTS ? tensor : { ...tensor, ints: values.map(Number) };
}

function numeric(
  dtype: 'float32' | 'int64',
  dims: number[],
  { buffer, byteLength }: Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>,
): Tensor {
  const payload: Payload = { kind: 'inline', bytes: new Uint8Array(buffer) };
  return constant(dtype, dims, byteLength, byteLength, payload);
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
