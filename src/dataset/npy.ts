/**
 * NumPy's array files. Numbers and booleans in C order, little-endian; nothing that needs pickle.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import type { DType } from '../core/dtype.ts';
import { elementCount } from '../core/shape.ts';
import { StudioError } from '../core/studio-error.ts';
import type { FeedTensor, FeedValues } from './rows.ts';

const HEADER_LIMIT = 65_536;
const RANK_LIMIT = 32;

type Constructor = new (buffer: ArrayBuffer, offset: number, length: number) => FeedValues;

const TYPES: Readonly<Record<string, { dtype: DType; bytes: number; values: Constructor }>> = {
  f2: { dtype: 'float16', bytes: 2, values: Uint16Array },
  f4: { dtype: 'float32', bytes: 4, values: Float32Array },
  f8: { dtype: 'float64', bytes: 8, values: Float64Array },
  i1: { dtype: 'int8', bytes: 1, values: Int8Array },
  i2: { dtype: 'int16', bytes: 2, values: Int16Array },
  i4: { dtype: 'int32', bytes: 4, values: Int32Array },
  i8: { dtype: 'int64', bytes: 8, values: BigInt64Array },
  u1: { dtype: 'uint8', bytes: 1, values: Uint8Array },
  u2: { dtype: 'uint16', bytes: 2, values: Uint16Array },
  u4: { dtype: 'uint32', bytes: 4, values: Uint32Array },
  u8: { dtype: 'uint64', bytes: 8, values: BigUint64Array },
  b1: { dtype: 'bool', bytes: 1, values: Uint8Array },
};

/** The array in `bytes`; `name` is its file (or `file:entry`) for messages. @throws bad-dataset */
export function readNpy(bytes: Uint8Array<ArrayBuffer>, name: string): FeedTensor {
  const bad = (fact: string) =>
    new StudioError('bad-dataset', `${name}: ${fact}`, { detail: { file: name } });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 10 || view.getUint32(0) !== 0x934e554d || view.getUint16(4) !== 0x5059) {
    throw bad('is not a NumPy array. Write it with numpy.save or numpy.savez.');
  }
  const short = view.getUint8(6) === 1;
  if (!short && bytes.length < 12) throw bad('ends inside its header. Write it again.');
  const headerStart = short ? 10 : 12;
  const headerLength = short ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = headerStart + headerLength;
  if (headerLength > HEADER_LIMIT || start > bytes.length) {
    throw bad(`its header claims ${headerLength} B. Write it again.`);
  }
  const header = new TextDecoder('latin1').decode(bytes.subarray(headerStart, start));
  const { type, dims } = parseHeader(header, bad);
  const length = elementCount(dims);
  const needed = length * type.bytes;
  if (!(needed <= bytes.length - start)) {
    const shape = dims.join(' × ');
    throw bad(`holds ${bytes.length - start} B, but ${shape} ${type.dtype} take ${needed} B.`);
  }
  const offset = bytes.byteOffset + start;
  const aligned = offset % type.bytes === 0;
  const buffer = aligned ? bytes.buffer : bytes.slice(start, start + needed).buffer;
  return { dtype: type.dtype, dims, data: new type.values(buffer, aligned ? offset : 0, length) };
}

function parseHeader(header: string, bad: (fact: string) => StudioError) {
  const descr = /'descr'\s*:\s*'([<>|=])([a-zA-Z]\d{1,3})'/.exec(header);
  const [, order, code = ''] = descr ?? [];
  const type = TYPES[code];
  if (!type || !Object.hasOwn(TYPES, code)) {
    const found = /'descr'\s*:\s*('[^']{0,20}|\[)/.exec(header)?.[1] ?? 'no type';
    throw bad(`its type ${found.replaceAll("'", '')} is not read. Save numbers or booleans.`);
  }
  if (order === '>') throw bad('is big-endian. Save it with .astype("<…").');
  if (/'fortran_order'\s*:\s*True/.test(header)) {
    throw bad('is in Fortran order. Save it with numpy.ascontiguousarray.');
  }
  const shape = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  if (shape === undefined) throw bad('its header has no shape. Write it again.');
  const dims = shape.split(',').flatMap((part) => (part.trim() ? [Number(part)] : []));
  if (dims.length > RANK_LIMIT) throw bad(`has ${dims.length} dimensions; at most 32 are read.`);
  return { type, dims };
}
