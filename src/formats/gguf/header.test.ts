import { expect, test } from 'vitest';
import { ggufFacts, readGgufHeader } from './header.ts';

interface Fields {
  readonly version?: number;
  readonly tensors?: bigint;
  readonly metadata?: bigint;
  readonly little?: boolean;
}

function headOf({ version = 3, tensors = 291n, metadata = 24n, little = true }: Fields = {}) {
  const head = new Uint8Array(64);
  const view = new DataView(head.buffer);
  view.setUint32(0, 0x47475546);
  view.setUint32(4, version, little);
  view.setBigUint64(8, tensors, little);
  view.setBigUint64(16, metadata, little);
  return head;
}
const GIGABYTE = 1e9;

test('version and counts are read, in either byte order, from any view', () => {
  const header = { version: 3, tensorCount: 291n, metadataCount: 24n };
  expect(readGgufHeader(headOf(), GIGABYTE)).toEqual(header);
  expect(readGgufHeader(headOf({ little: false }), GIGABYTE)).toEqual(header);
  const moved = new Uint8Array(70);
  moved.set(headOf(), 5);
  expect(readGgufHeader(moved.subarray(5), GIGABYTE)).toEqual(header);
  expect(ggufFacts(headOf(), GIGABYTE)).toBe('GGUF version 3, 291 tensors');
  expect(ggufFacts(headOf({ tensors: 1n, version: 2 }), 200_000)).toBe('GGUF version 2, 1 tensor');
  expect(ggufFacts(headOf({ tensors: 12_345n }), GIGABYTE)).toBe('GGUF version 3, 12,345 tensors');
});

test('version 1 counts in 32 bits', () => {
  const head = headOf({ version: 1, tensors: 0n, metadata: 0n });
  new DataView(head.buffer).setUint32(8, 201, true);
  new DataView(head.buffer).setUint32(12, 17, true);
  const header = { version: 1, tensorCount: 201n, metadataCount: 17n };
  expect(readGgufHeader(head, GIGABYTE)).toEqual(header);
  expect(readGgufHeader(head.subarray(0, 16), GIGABYTE)).toEqual(header);
  expect(readGgufHeader(head.subarray(0, 15), GIGABYTE)).toBeNull();
});

test('a header that is cut off says nothing, at whatever byte', () => {
  for (let length = 0; length < 24; length++) {
    expect(readGgufHeader(headOf().subarray(0, length), length)).toBeNull();
  }
  const empty = headOf({ tensors: 0n, metadata: 0n }).subarray(0, 24);
  expect(ggufFacts(empty, 24)).toBe('GGUF version 3, 0 tensors');
});

test('counts that the file has no room for, and odd versions, are not repeated', () => {
  const most = 2n ** 64n - 1n;
  expect(readGgufHeader(headOf({ tensors: most }), GIGABYTE)).toBeNull();
  expect(readGgufHeader(headOf({ metadata: most }), Number.MAX_SAFE_INTEGER)).toBeNull();
  expect(readGgufHeader(headOf({ tensors: 2n ** 53n + 1n }), GIGABYTE)).toBeNull();
  expect(readGgufHeader(headOf({ tensors: 2n, metadata: 0n }), 24 + 65)).toBeNull();
  expect(readGgufHeader(headOf({ tensors: 2n, metadata: 0n }), 24 + 66)).not.toBeNull();
  expect(readGgufHeader(headOf({ version: 0 }), GIGABYTE)).toBeNull();
  expect(readGgufHeader(headOf({ version: 0x12345678 }), GIGABYTE)).toBeNull();
  expect(
    readGgufHeader(
      Uint8Array.from('GGML', (it) => it.charCodeAt(0)),
      4,
    ),
  ).toBeNull();
});
