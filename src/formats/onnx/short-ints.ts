import type { DType } from '../../core/dtype.ts';
import { delimited, type Fields } from './fields.ts';
import { forEachVarint } from './varint.ts';

const RAW_DATA = 9;
const INT32_DATA = 5;
const INT64_DATA = 7;
const MOST_INTS = 16;

interface IntList {
  readonly dtype: DType;
  readonly count: number;
}

/**
 * The values of a tensor of few integers, from its loaded fields; null if they are not loaded or
 * no integers of 32 or 64 bits. Beyond 2^53 they are rounded.
 */
export function shortInts(fields: Fields, { dtype, count }: IntList): readonly number[] | null {
  if ((dtype !== 'int32' && dtype !== 'int64') || count > MOST_INTS) return null;
  const raw = delimited(fields, RAW_DATA).at(-1);
  if (raw) return raw.bytes && fromRaw(raw.bytes, dtype);
  const values: number[] = [];
  for (const { bytes } of delimited(fields, dtype === 'int32' ? INT32_DATA : INT64_DATA)) {
    if (!bytes) return null;
    forEachVarint(bytes, (low, high) => {
      values.push(dtype === 'int32' ? low | 0 : Number(joined(low, high)));
    });
  }
  return values.length === count ? values : null;
}

function fromRaw(bytes: Uint8Array<ArrayBuffer>, dtype: 'int32' | 'int64'): readonly number[] {
  const width = dtype === 'int32' ? 4 : 8;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / width }, (_, at) =>
    width === 4 ? view.getInt32(4 * at, true) : Number(view.getBigInt64(8 * at, true)),
  );
}

const joined = (low: number, high: number): bigint =>
  BigInt.asIntN(64, (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0));
