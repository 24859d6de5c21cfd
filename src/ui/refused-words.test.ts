import { expect, test } from 'vitest';
import type { Failure } from '../state/failure.ts';
import { headerWords, refusedBody, refusedDetails, refusedTitle } from './refused-words.ts';

const gguf: Failure = {
  code: 'not-a-model',
  message: 'a.onnx is a GGUF file, not ONNX. Look for the .onnx file of the same model.',
  detail: {
    ...{ file: 'a.onnx', actually: 'a GGUF file', offset: 0, headMatch: 4 },
    head: [0x47, 0x47, 0x55, 0x46, 3, 0],
  },
};

test('a refused file is named, with how its kind is known and what to do', () => {
  expect(refusedTitle(gguf)).toBe('a.onnx is a GGUF file, not ONNX');
  expect(refusedBody(gguf)).toBe(
    'Its name ends in .onnx, but its first 4 bytes say GGUF. Whittle opens ONNX. Look for the .onnx file of the same model.',
  );
  const picture = {
    ...gguf,
    detail: { file: 'a', actually: 'a PNG', head: [0x89, 80], headMatch: 2 },
  };
  expect(refusedBody(picture)).toMatch(
    /^Its first 2 bytes show what it is\. Whittle opens ONNX\. /,
  );
  const bad = {
    ...gguf,
    code: 'malformed-model',
    message: 'b.onnx ends early.',
    detail: null,
  } as const;
  expect(refusedBody(bad)).toBe('b.onnx ends early.');
});

test('what a header says stands beside the choices, with the size of the file', () => {
  expect(headerWords(gguf)).toBeNull();
  const facts = 'GGUF version 3, 291 tensors';
  const read = { ...gguf, detail: { ...gguf.detail, facts, byteLength: 1_100_000_000 } };
  expect(headerWords(read)).toBe('GGUF version 3, 291 tensors, 1,100.0 MB. Nothing more was read.');
  expect(refusedDetails(read, '1').split('\n')[1]).toBe(facts);
});

test('details are copied with code, place and first bytes', () => {
  expect(refusedDetails(gguf, '1.2.3').split('\n').slice(1)).toEqual([
    'Whittle 1.2.3, not-a-model',
    'byte 0',
    'first bytes: 47 47 55 46 03 00',
  ]);
});
