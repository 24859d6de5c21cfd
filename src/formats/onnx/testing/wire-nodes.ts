/**
 * A protobuf message as a tree that can be changed anywhere and written again with lengths that
 * fit. Follows the descriptors of onnx-buf, so that it shares nothing with the reader under test.
 */
import type { DescField, DescMessage } from '@bufbuild/protobuf';
import type { ByteSpan, Bytes } from '../../../core/testing/mutate-bytes.ts';

export interface WireNode {
  number: number;
  /** 0 varint, 1 fixed64, 2 delimited, 3 group, 5 fixed32. */
  wireType: number;
  /** The field of the message around it; undefined if that has none of this number. */
  readonly field: DescField | undefined;
  /** Fields of a known message; null for everything else. */
  children: WireNode[] | null;
  /** What follows the tag, without a length; of a group all up to its end tag. */
  content: Uint8Array;
}

/** @throws RangeError if `bytes` is not a message */
export function parseMessage(bytes: Uint8Array, message: DescMessage): WireNode[] {
  const nodes: WireNode[] = [];
  const fields = new Map(message.fields.map((field) => [field.number, field]));
  for (let at = 0; at < bytes.length; ) {
    const tag = readVarint(bytes, at);
    const number = Number(tag.value >> 3n);
    const wireType = Number(tag.value & 7n);
    const { start, end } = contentSpan(bytes, tag.end, number, wireType);
    const content = bytes.subarray(start, end);
    const field = fields.get(number);
    const inner = wireType === 2 ? field?.message : undefined;
    const children = inner ? parseMessage(content, inner) : null;
    nodes.push({ number, wireType, field, children, content });
    at = end;
  }
  return nodes;
}

function contentSpan(bytes: Uint8Array, at: number, number: number, wireType: number): ByteSpan {
  const spanOf = (start: number, end: number): ByteSpan => {
    if (end > bytes.length) throw new RangeError(`field ${number} ends behind its message`);
    return { start, end };
  };
  if (wireType === 0) return spanOf(at, readVarint(bytes, at).end);
  if (wireType === 1) return spanOf(at, at + 8);
  if (wireType === 5) return spanOf(at, at + 4);
  if (wireType === 2) {
    const length = readVarint(bytes, at);
    return spanOf(length.end, length.end + Number(length.value));
  }
  if (wireType !== 3) throw new RangeError(`field ${number} has the wire type ${wireType}`);
  for (let end = at; ; ) {
    const tag = readVarint(bytes, end);
    if (tag.value === BigInt(number * 8 + 4)) return spanOf(at, tag.end);
    end = contentSpan(bytes, tag.end, Number(tag.value >> 3n), Number(tag.value & 7n)).end;
  }
}

function readVarint(bytes: Uint8Array, at: number): { value: bigint; end: number } {
  let value = 0n;
  for (let index = 0; index < 10; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) break;
    value |= BigInt(byte & 127) << BigInt(7 * index);
    if (byte < 128) return { value: BigInt.asUintN(64, value), end: at + index + 1 };
  }
  throw new RangeError(`no varint ends at byte ${at}`);
}

/** @param length bytes to take, padding included; the fewest if absent */
export function varintBytes(value: bigint, length = 0): Bytes {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    const more = rest > 127n || bytes.length + 1 < length;
    bytes.push(Number(rest & 127n) | (more ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n || bytes.length < length);
  return Uint8Array.from(bytes);
}

export function writeMessage(nodes: readonly WireNode[]): Bytes {
  const chunks: Uint8Array[] = [];
  const byteLength = pushMessage(nodes, chunks);
  const output = new Uint8Array(byteLength);
  let at = 0;
  for (const chunk of chunks) {
    output.set(chunk, at);
    at += chunk.length;
  }
  return output;
}

function pushMessage(nodes: readonly WireNode[], chunks: Uint8Array[]): number {
  let byteLength = 0;
  const push = (chunk: Uint8Array) => {
    chunks.push(chunk);
    byteLength += chunk.length;
  };
  for (const { number, wireType, children, content } of nodes) {
    push(varintBytes(BigInt(number) * 8n + BigInt(wireType)));
    const slot = chunks.length;
    if (wireType === 2) chunks.push(content); // its place, until the length is known
    let length = content.length;
    if (children) length = pushMessage(children, chunks);
    else chunks.push(content);
    byteLength += length;
    if (wireType !== 2) continue;
    const header = varintBytes(BigInt(length));
    chunks[slot] = header;
    byteLength += header.length;
  }
  return byteLength;
}

/** A node with its siblings, so that it can be moved, copied and removed. */
export interface PlacedNode {
  readonly node: WireNode;
  readonly siblings: WireNode[];
}

export function allNodes(message: WireNode[]): PlacedNode[] {
  const placed: PlacedNode[] = [];
  const waiting = [message];
  for (let siblings = waiting.pop(); siblings; siblings = waiting.pop()) {
    for (const node of siblings) {
      placed.push({ node, siblings });
      if (node.children) waiting.push(node.children);
    }
  }
  return placed;
}

export const cloneNode = (node: WireNode): WireNode => ({
  ...node,
  children: node.children?.map(cloneNode) ?? null,
});

const RAW_FIELDS = new Set(['raw_data', 'float_data', 'double_data', 'int32_data', 'int64_data']);

/** Values of tensors, which are long and whose bits hardly matter. */
export const isRaw = ({ field, content }: WireNode): boolean =>
  content.length > 16 && RAW_FIELDS.has(field?.name ?? '');
