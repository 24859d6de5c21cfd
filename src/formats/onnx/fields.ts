/**
 * What fields of a message mean by protobuf's rules: of a singular scalar the last occurrence
 * counts, singular messages merge, repeated scalars may be packed or not, and a field of the
 * wrong wire type is unknown.
 */
import { decodeText } from './text.ts';
import { forEachVarint } from './varint.ts';
import { WIRE_BYTES, WIRE_FIXED32, WIRE_VARINT, type WireField } from './wire-tree.ts';

export type Fields = readonly WireField[];

export const delimited = (fields: Fields, number: number): WireField[] =>
  fields.filter((field) => field.number === number && field.wireType === WIRE_BYTES);

const lastOf = (fields: Fields, number: number, wireType: number): WireField | undefined =>
  fields.findLast((field) => field.number === number && field.wireType === wireType);

export const hasField = (fields: Fields, number: number, wireType: number): boolean =>
  fields.some((field) => field.number === number && field.wireType === wireType);

/** Whether a repeated scalar has any value, packed or not. */
export const hasValues = (fields: Fields, number: number, wireType: number): boolean =>
  hasField(fields, number, wireType) ||
  delimited(fields, number).some(({ contentStart, end }) => end > contentStart);

/** Fields of a singular message, all its occurrences merged; null if there is none. */
export function mergedMessage(fields: Fields, number: number): Fields | null {
  const occurrences = delimited(fields, number);
  if (occurrences.length === 0) return null;
  return occurrences.length === 1
    ? occurrences[0]!.fields!
    : occurrences.flatMap(({ fields: inner }) => inner!);
}

/** A singular string; undefined if absent, null if it is longer than what is loaded. */
export function textOf(fields: Fields, number: number): string | null | undefined {
  const field = lastOf(fields, number, WIRE_BYTES);
  return field && (field.bytes ? decodeText(field.bytes) : null);
}

/** A singular int32, the low half of what is stored; undefined if absent. */
export function int32Of(fields: Fields, number: number): number | undefined {
  const field = lastOf(fields, number, WIRE_VARINT);
  return field && toInt32(field.value);
}

/** A singular enum of values from 0 to `last`; others count as unknown fields. */
export function enumOf(fields: Fields, number: number, last: number): number | undefined {
  const known = fields.findLast(({ number: own, wireType, value }) => {
    const code = toInt32(value);
    return own === number && wireType === WIRE_VARINT && code >= 0 && code <= last;
  });
  return known && toInt32(known.value);
}

/** A singular int64; undefined if absent. Above 2^53 it is rounded. */
export function intOf(fields: Fields, number: number): number | undefined {
  const field = lastOf(fields, number, WIRE_VARINT);
  return field && toInt64(field.value);
}

/** The same, exact. */
export function int64Of(fields: Fields, number: number): bigint | undefined {
  const field = lastOf(fields, number, WIRE_VARINT);
  return field && BigInt.asIntN(64, BigInt(field.value));
}

export function floatOf(fields: Fields, number: number): number | undefined {
  const field = lastOf(fields, number, WIRE_FIXED32);
  return field && bitsToFloat(Number(field.value));
}

/** Repeated int64, packed or not; null if a packed list is longer than what is loaded. */
export const intsOf = (fields: Fields, number: number): number[] | null =>
  int64sOf(fields, number)?.map(Number) ?? null;

/** The same, exact. */
export function int64sOf(fields: Fields, number: number): bigint[] | null {
  const ints: bigint[] = [];
  for (const field of fields) {
    if (field.number !== number) continue;
    if (field.wireType === WIRE_VARINT) {
      for (const value of field.values ?? [field.value]) {
        ints.push(BigInt.asIntN(64, BigInt(value)));
      }
    } else if (field.wireType === WIRE_BYTES) {
      if (!field.bytes) return null;
      const isWhole = forEachVarint(field.bytes, (low, high) => {
        ints.push((BigInt(high) << 32n) | BigInt(low));
      });
      if (!isWhole) return null;
    }
  }
  return ints;
}

/** Repeated float, packed or not; null if a packed list is longer than what is loaded. */
export function floatsOf(fields: Fields, number: number): number[] | null {
  const floats: number[] = [];
  for (const field of fields) {
    if (field.number !== number) continue;
    if (field.wireType === WIRE_FIXED32) {
      for (const bits of field.values ?? [field.value]) floats.push(bitsToFloat(Number(bits)));
    } else if (field.wireType === WIRE_BYTES) {
      if (!field.bytes || field.bytes.length % 4 !== 0) return null;
      floats.push(...new Float32Array(field.bytes.buffer));
    }
  }
  return floats;
}

const toInt32 = (value: number | bigint): number => Number(BigInt.asIntN(32, BigInt(value)));

export const toInt64 = (value: number | bigint): number =>
  typeof value === 'number' ? value : Number(BigInt.asIntN(64, value));

const scratch = new DataView(new ArrayBuffer(4));

function bitsToFloat(bits: number): number {
  scratch.setUint32(0, bits);
  return scratch.getFloat32(0);
}
