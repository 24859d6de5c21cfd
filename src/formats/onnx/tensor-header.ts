/** TensorProto and SparseTensorProto → Tensor: what it is and where its bytes are, checked. */
import { byteLengthOf, type DType } from '../../core/dtype.ts';
import { elementCount } from '../../core/shape.ts';
import type { Payload, Tensor, TypedRange } from '../../model/model.ts';
import { dtypeOf, STRING_DATA, TYPED_FIELDS, typedEntryCount, typedFieldOf } from './data-type.ts';
import { readEntries } from './entries.ts';
import {
  delimited,
  enumOf,
  type Fields,
  hasField,
  int32Of,
  intsOf,
  mergedMessage,
  textOf,
} from './fields.ts';
import { malformed, unsupported } from './malformed.ts';
import type { Reading } from './reading.ts';
import { shortInts } from './short-ints.ts';
import { countVarints } from './varint.ts';
import {
  WIRE_BYTES,
  WIRE_FIXED32,
  WIRE_FIXED64,
  WIRE_VARINT,
  type WireField,
} from './wire-tree.ts';

const SEGMENT = 3;
const RAW_DATA = 9;
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;
const LARGEST_RANK = 64;
const LONGEST_VARINT = 10;

/** Where a tensor is, for programs and for people. */
export interface Place {
  readonly path: string;
  readonly label: string;
}

interface Header {
  readonly dtype: DType;
  readonly dims: readonly number[];
  readonly count: number;
}

/** @throws malformed-model, unsupported-model for a data type that Whittle does not know */
export function readTensorHeader(
  fields: Fields,
  place: Tensor['place'],
  path: string,
  reading: Reading,
): Tensor {
  const name = textOf(fields, 8);
  if (name === null)
    throw malformed(reading.file, `gives ${path} a name that is too long`, { path });
  const at: Place = { path, label: name ? `${name} (${path})` : path };
  const header = readHeader(fields, at, reading.file);
  const payload = findPayload(fields, header, at, reading);
  const ints = isExternal(fields) ? null : shortInts(fields, header);
  return {
    name: name ?? '',
    dtype: header.dtype,
    dims: header.dims,
    byteLength:
      header.dtype === 'string' ? storedLength(payload) : byteLengthOf(header.dtype, header.count),
    storedByteLength: storedLength(payload),
    payload,
    ...(ints && { ints }),
    place,
  };
}

/** Values, indices and dims; its name is the values'. Indices are checked later, by ranges. */
export function readSparseHeader(
  fields: Fields,
  place: Tensor['place'],
  path: string,
  reading: Reading,
): Tensor {
  const fault = (fact: string) => malformed(reading.file, `has a sparse ${path} ${fact}`, { path });
  const valueFields = mergedMessage(fields, 1);
  const indexFields = mergedMessage(fields, 2);
  if (!valueFields || !indexFields) throw fault('without values or indices');
  const values = readTensorHeader(valueFields, place, `${path}.values`, reading);
  const indices = readTensorHeader(indexFields, place, `${path}.indices`, reading);
  const dims = checkedDims(intsOf(fields, 3), { path, label: path }, reading.file);
  const [nonZeros = 0] = values.dims;
  const [indexRows, indexColumns = 1] = indices.dims;
  const isLinear = indices.dims.length === 1;
  if (values.dims.length !== 1 || values.dtype === 'string')
    throw fault('whose values are no list');
  if (
    indices.dtype !== 'int64' ||
    indexRows !== nonZeros ||
    !(isLinear || (indices.dims.length === 2 && indexColumns === dims.length))
  ) {
    throw fault(`whose indices do not fit ${nonZeros} values of shape [${dims}]`);
  }
  const tensor: Tensor = {
    name: values.name,
    dtype: values.dtype,
    dims,
    byteLength: byteLengthOf(values.dtype, elementCount(dims)),
    storedByteLength: values.storedByteLength + indices.storedByteLength,
    payload: { kind: 'sparse', values, indices },
    place,
  };
  reading.sparse.push({ tensor, path });
  return tensor;
}

function readHeader(fields: Fields, { path, label }: Place, file: string): Header {
  const dataType = int32Of(fields, 2) ?? 0;
  const dtype = dtypeOf(dataType);
  if (dataType === 0) throw malformed(file, `gives ${label} no data type`, { path });
  if (!dtype) {
    throw unsupported(
      file,
      `gives ${label} the data type ${dataType}, which Whittle does not know`,
      { path: `${path}.data_type` },
      'Export the model with one of the types of ONNX up to 1.20.',
    );
  }
  if (hasField(fields, SEGMENT, WIRE_BYTES)) {
    throw unsupported(
      file,
      `stores ${label} in segments, which no runtime reads`,
      { path },
      'Export the model again.',
    );
  }
  const dims = checkedDims(intsOf(fields, 1), { path, label }, file);
  return { dtype, dims, count: elementCount(dims) };
}

function checkedDims(
  dims: readonly number[] | null,
  { path, label }: Place,
  file: string,
): readonly number[] {
  const fault = (fact: string) =>
    malformed(file, `gives ${label} ${fact}`, { path: `${path}.dims` });
  if (!dims || dims.length > LARGEST_RANK) throw fault(`more than ${LARGEST_RANK} dimensions`);
  const wrong = dims.find((dim) => dim < 0 || !Number.isSafeInteger(dim));
  if (wrong !== undefined) throw fault(`the impossible dimension ${wrong}`);
  // Sixteen bytes per element at most, so that byte lengths are exact integers too.
  if (elementCount(dims) > Number.MAX_SAFE_INTEGER / 16)
    throw fault(`the impossible shape [${dims}]`);
  return dims;
}

/** The values are in a side file. */
export const isExternal = (fields: Fields): boolean => enumOf(fields, DATA_LOCATION, 1) === 1;

function findPayload(fields: Fields, header: Header, place: Place, reading: Reading): Payload {
  const raw = delimited(fields, RAW_DATA).at(-1);
  const typed = fields.filter(({ number }) => TYPED_FIELDS.includes(number));
  if (isExternal(fields)) return findExternal(fields, header, place, reading);
  if (raw) {
    if (typed.length > 0) {
      reading.note(
        'raw and typed',
        `${place.label} holds its values twice; raw_data is used.`,
        place.path,
      );
    }
    checkRaw(raw, header, place, reading.file);
    return { kind: 'raw', range: { file: 0, start: raw.contentStart, end: raw.end } };
  }
  return typedPayload(typed, header, place, reading.file);
}

function checkRaw(
  raw: WireField,
  { dtype, dims, count }: Header,
  { path, label }: Place,
  file: string,
): void {
  const where = { path: `${path}.raw_data`, offset: raw.start };
  if (dtype === 'string') throw malformed(file, `stores strings as raw bytes in ${label}`, where);
  const needed = byteLengthOf(dtype, count);
  const found = raw.end - raw.contentStart;
  if (found === needed) return;
  throw malformed(
    file,
    `holds ${found} bytes for ${label} at byte ${raw.start}, and ${dtype} [${dims}] needs ${needed}`,
    where,
  );
}

function findExternal(fields: Fields, header: Header, place: Place, reading: Reading): Payload {
  const { dtype, count } = header;
  if (dtype === 'string') {
    throw malformed(reading.file, `keeps the strings of ${place.label} in a side file`, {
      path: place.path,
    });
  }
  const stray = [RAW_DATA, ...TYPED_FIELDS];
  if (fields.some(({ number }) => stray.includes(number))) {
    const message = `${place.label} holds its values twice; those in the side file are used.`;
    reading.note('external and embedded', message, place.path);
  }
  const isLoaded = delimited(fields, EXTERNAL_DATA).every(({ fields: entry }) =>
    [1, 2].every((half) => textOf(entry!, half) !== null),
  );
  if (!isLoaded) {
    const where = { path: `${place.path}.external_data` };
    throw malformed(reading.file, `describes the side file of ${place.label} at length`, where);
  }
  const entries = readEntries(fields, EXTERNAL_DATA);
  const byteLength = byteLengthOf(dtype, count);
  const range = reading.files.resolve(entries, byteLength, reading.file, place);
  const dropped = [EXTERNAL_DATA, DATA_LOCATION, ...stray];
  reading.external.push({
    fields: fields.filter(({ number }) => dropped.includes(number)),
    payload: range,
  });
  return { kind: 'raw', range };
}

function typedPayload(
  typed: Fields,
  { dtype, dims, count }: Header,
  { path, label }: Place,
  file: string,
): Payload {
  const number = typedFieldOf(dtype);
  const own = typed.filter((field) => field.number === number && isTyped(field, number));
  const needed = typedEntryCount(dtype, count);
  const found = own.reduce((sum, field) => sum + entriesOf(field, number, needed), 0);
  if (found !== needed) {
    const what = own.length > 0 ? `${found} values` : 'no data';
    const offset = own[0]?.start;
    throw malformed(
      file,
      `holds ${what} for ${label}, and ${dtype} [${dims}] needs ${needed}`,
      offset === undefined ? { path } : { path, offset },
    );
  }
  if (own.length === 0) return { kind: 'inline', bytes: new Uint8Array(0) };
  const ranges = own.map(
    (field): TypedRange => ({
      file: 0,
      start: field.contentStart,
      end: field.end,
      wireType: field.wireType,
    }),
  );
  return { kind: 'typed', field: number, ranges };
}

/** The scalar wire type of a typed field; `WIRE_BYTES` for strings. */
const scalarWireType = (number: number): number => {
  if (number === 4) return WIRE_FIXED32;
  if (number === 10) return WIRE_FIXED64;
  return number === STRING_DATA ? WIRE_BYTES : WIRE_VARINT;
};

const isTyped = ({ wireType }: WireField, number: number): boolean =>
  wireType === WIRE_BYTES || wireType === scalarWireType(number);

/** Values of one field; NaN if it is not a whole number of them. */
function entriesOf(field: WireField, number: number, needed: number): number {
  if (field.wireType !== WIRE_BYTES) return field.count;
  const byteLength = field.end - field.contentStart;
  if (number === STRING_DATA) return 1;
  if (number === 4 || number === 10) {
    const entries = byteLength / (number === 4 ? 4 : 8);
    return Number.isInteger(entries) ? entries : Number.NaN;
  }
  if (field.bytes) return countVarints(field.bytes);
  // Too long to have been loaded: reading the values will count them.
  const isPossible = byteLength >= needed && byteLength <= needed * LONGEST_VARINT;
  return isPossible ? needed : Number.NaN;
}

const storedLength = (payload: Payload): number => {
  if (payload.kind === 'raw') return payload.range.end - payload.range.start;
  if (payload.kind === 'inline') return payload.bytes.length;
  if (payload.kind === 'sparse') {
    return payload.values.storedByteLength + payload.indices.storedByteLength;
  }
  return payload.ranges.reduce((sum, { start, end }) => sum + end - start, 0);
};
