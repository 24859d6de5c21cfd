/**
 * Leaving the zeros of a pruned matrix out of its stored tensor, and putting them back. Where fewer
 * values than planned are not zero, the first zeros are kept with them, so that lengths follow from
 * the plan alone.
 */
import { denseLayout } from '../catalog/encoding-layout.ts';
import type { EncodingChoice, QuantizedChoice } from '../catalog/encodings.ts';
import type { MatrixShape } from '../catalog/matrix-shape.ts';
import { assert } from '../core/assert.ts';
import { byteLengthOf } from '../core/dtype.ts';
import { elementCount } from '../core/shape.ts';
import { zeroCode } from './code-offset.ts';
import type { Payloads } from './encoder.ts';
import { packFlat } from './flat-codes.ts';

type Bytes = Uint8Array<ArrayBuffer>;
/** One element a value or code. */
type Fields = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** @param payloads of the dense layout; as they are where all values are kept */
export function keepNonZeros(
  choice: EncodingChoice,
  shape: MatrixShape,
  payloads: Payloads,
): Payloads {
  const { kept } = choice;
  if (kept === undefined) return payloads;
  const role = choice.kind === 'float' ? 'values' : 'codes';
  const dense = payloads[role];
  assert(dense, `${choice.encoding} stores ${role}`);
  const fields = fieldsOf(choice, dense);
  const zero = zeroOf(choice);
  if (choice.kind === 'quantized') clearPadding(choice, shape, fields, zero);
  let spare = kept;
  for (const field of fields) if (field !== zero) spare--;
  assert(spare >= 0, `${-spare} more values of ${choice.encoding} are not zero than are kept`);

  const mask = new Uint8Array(Math.ceil(fields.length / 8));
  const stored = emptyFields(choice, kept + 1);
  stored[0] = zero;
  let count = 1;
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as number;
    if (field === zero && spare-- <= 0) continue;
    mask[i >> 3] = (mask[i >> 3] as number) | (1 << (i & 7));
    stored[count++] = field;
  }
  return { ...payloads, mask, [role]: bytesOf(choice, stored) };
}

/** The inverse of `keepNonZeros`, but for codes that only pad blocks. */
export function restoreZeros(
  choice: EncodingChoice,
  shape: MatrixShape,
  payloads: Payloads,
): Payloads {
  if (choice.kept === undefined) return payloads;
  const role = choice.kind === 'float' ? 'values' : 'codes';
  const { mask, [role]: bytes, ...others } = payloads;
  assert(mask && bytes, `${choice.encoding} stores a mask and ${role}`);
  const stored = fieldsOf(choice, bytes);
  const fields = emptyFields(choice, fieldCount(choice, shape));
  const zero = zeroOf(choice);
  let count = 1;
  for (let i = 0; i < fields.length; i++) {
    const isKept = ((mask[i >> 3] ?? 0) >> (i & 7)) & 1;
    fields[i] = isKept ? (stored[count++] ?? zero) : zero;
  }
  return { ...others, [role]: bytesOf(choice, fields) };
}

/** Values or codes of the dense tensor, padding included. */
export function fieldCount(choice: EncodingChoice, shape: MatrixShape): number {
  const dense = denseLayout(choice, shape).find(
    ({ role }) => role === 'codes' || role === 'values',
  );
  assert(dense, `${choice.encoding} stores values`);
  const { dtype, dims } = dense;
  if (choice.kind === 'float') return elementCount(dims);
  return (byteLengthOf(dtype, elementCount(dims)) * 8) / choice.bits;
}

const zeroOf = (choice: EncodingChoice): number =>
  choice.kind === 'quantized' ? zeroCode(choice) : 0;

function emptyFields(choice: EncodingChoice, length: number): Fields {
  if (choice.kind === 'quantized') return new Uint8Array(length);
  return choice.kind === 'float' && choice.dtype === 'float16'
    ? new Uint16Array(length)
    : new Uint32Array(length);
}

/** One byte a code; of floats their bits. */
function fieldsOf(choice: EncodingChoice, bytes: Bytes): Fields {
  if (choice.kind === 'float') {
    const own = bytes.slice().buffer;
    return choice.dtype === 'float16' ? new Uint16Array(own) : new Uint32Array(own);
  }
  const { bits } = choice;
  if (bits === 8) return bytes.slice();
  const perByte = 8 / bits;
  const fields = new Uint8Array(bytes.length * perByte);
  for (let i = 0; i < fields.length; i++) {
    const byte = bytes[Math.floor(i / perByte)] as number;
    fields[i] = (byte >> ((i % perByte) * bits)) & (2 ** bits - 1);
  }
  return fields;
}

function bytesOf(choice: EncodingChoice, fields: Fields): Bytes {
  if (choice.kind === 'quantized') return packFlat(fields as Uint8Array<ArrayBuffer>, choice.bits);
  return new Uint8Array(fields.buffer);
}

/** Codes beyond the matrix, which fill its last blocks and are never used, become `zero`. */
function clearPadding(
  { packing, bits, encoding }: QuantizedChoice,
  { K, N }: MatrixShape,
  fields: Fields,
  zero: number,
): void {
  if (fields.length === K * N || encoding === 'dequantize-linear') return;
  const perByte = 8 / bits;
  const perRow = fields.length / N;
  const rowOf =
    packing === 'columns'
      ? (i: number) => Math.floor(i / (perByte * N)) * perByte + (i % perByte)
      : (i: number) => i % perRow;
  for (let i = 0; i < fields.length; i++) if (rowOf(i) >= K) fields[i] = zero;
}
