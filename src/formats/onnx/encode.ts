/** The few ONNX messages that edits add, as protobuf bytes; `value` fields are written explicitly. */
import { assert } from '../../core/assert.ts';
import { byteLengthOf, type DType } from '../../core/dtype.ts';
import { elementCount } from '../../core/shape.ts';
import type { AttributeValue, NodeSpec, TensorSpec } from '../../model/edit.ts';
import { dataTypeOf } from './data-type.ts';
import { encodeText } from './text.ts';
import { WIRE_BYTES, WIRE_FIXED32, WIRE_VARINT } from './wire-tree.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

export function concatBytes(pieces: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** A varint of at most 2^53 − 1, or an int64 below zero. */
export function encodeVarint(value: number): Bytes {
  const bytes: number[] = [];
  if (value < 0 || !Number.isSafeInteger(value)) {
    let rest = BigInt.asUintN(64, clampInt64(value));
    for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    bytes.push(Number(rest));
    return Uint8Array.from(bytes);
  }
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** Integers beyond 2^53 were rounded on reading: "to the end" is 2^63 then, one too many. */
function clampInt64(value: number): bigint {
  const wide = BigInt(value);
  const limit = 2n ** 63n;
  if (wide >= limit) return limit - 1n;
  return wide < -limit ? -limit : wide;
}

const tag = (number: number, wireType: number): Bytes => encodeVarint(number * 8 + wireType);

export const varintField = (number: number, value: number): Bytes =>
  concatBytes([tag(number, WIRE_VARINT), encodeVarint(value)]);

/** Tag and length of a field whose content follows. */
export const fieldHeader = (number: number, byteLength: number): Bytes =>
  concatBytes([tag(number, WIRE_BYTES), encodeVarint(byteLength)]);

export const bytesField = (number: number, content: Uint8Array): Bytes =>
  concatBytes([fieldHeader(number, content.length), content]);

export const textField = (number: number, text: string): Bytes =>
  bytesField(number, encodeText(text));

function floatField(number: number, value: number): Bytes {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, value, true);
  return concatBytes([tag(number, WIRE_FIXED32), new Uint8Array(bits.buffer)]);
}

/** NodeProto. */
export const encodeNode = (node: NodeSpec): Bytes =>
  concatBytes([
    ...node.inputs.map((name) => textField(1, name)),
    ...node.outputs.map((name) => textField(2, name)),
    ...(node.name === '' ? [] : [textField(3, node.name)]),
    textField(4, node.op),
    ...Object.entries(node.attributes).map(([name, value]) =>
      bytesField(5, encodeAttribute(name, value)),
    ),
    ...(node.domain === '' ? [] : [textField(7, node.domain)]),
  ]);

function encodeAttribute(name: string, value: AttributeValue): Bytes {
  const fields = [textField(1, name)];
  if ('float' in value) fields.push(floatField(2, value.float), varintField(20, 1));
  else if ('int' in value) fields.push(varintField(3, value.int), varintField(20, 2));
  else if ('string' in value) fields.push(textField(4, value.string), varintField(20, 3));
  else fields.push(...value.ints.map((int) => varintField(8, int)), varintField(20, 7));
  return concatBytes(fields);
}

/** Everything of a TensorProto but the content of `raw_data`, which ends the message. */
export function encodeTensorHeader(tensor: TensorSpec): { header: Bytes; payloadLength: number } {
  const { name, dtype, dims, bytes } = tensor;
  const payloadLength = byteLengthOf(dtype, elementCount(dims));
  assert(dtype !== 'string', `${name} is no string tensor`);
  assert(
    bytes === undefined || bytes.length === payloadLength,
    `${name} [${dims}] ${dtype} takes ${payloadLength} bytes`,
  );
  const header = concatBytes([
    ...dims.map((dim) => varintField(1, dim)),
    varintField(2, dataTypeOf(dtype)),
    textField(8, name),
    fieldHeader(9, payloadLength),
  ]);
  return { header, payloadLength };
}

/** ValueInfoProto of a tensor. */
export const encodeValueInfo = (
  name: string,
  dtype: DType,
  dims: readonly (number | string)[],
): Bytes => {
  const shape = dims.map((dim) =>
    bytesField(1, typeof dim === 'number' ? varintField(1, dim) : textField(2, dim)),
  );
  const tensorType = [varintField(1, dataTypeOf(dtype)), bytesField(2, concatBytes(shape))];
  return concatBytes([textField(1, name), bytesField(2, bytesField(1, concatBytes(tensorType)))]);
};

/** OperatorSetIdProto. */
export const encodeOpset = (domain: string, version: number): Bytes =>
  concatBytes([textField(1, domain), varintField(2, version)]);
