import { expect, test } from 'vitest';
import { probeOnnx } from './probe.ts';
import { buildModel, buildNode } from './testing/build-model.ts';

const text = (content: string) => new TextEncoder().encode(content);
const bytes = (...values: number[]) => Uint8Array.from(values);
const zip = (name: string) =>
  bytes(
    0x50,
    0x4b,
    3,
    4,
    ...Array.from({ length: 22 }, () => 0),
    name.length,
    0,
    0,
    0,
    ...text(name),
  );

test('an ONNX file is recognised by its first fields, however short the head', () => {
  const nodes = [buildNode('Relu', ['x'], ['y'])];
  const model = buildModel({ nodes, initializers: [], inputs: ['x'], outputs: ['y'] });
  expect(probeOnnx(model)).toEqual({ verdict: 'onnx' });
  expect(probeOnnx(model.subarray(0, 8))).toEqual({ verdict: 'onnx' });
  expect(probeOnnx(model.subarray(0, 1))).toEqual({ verdict: 'maybe' });
});

test.each<[string, Uint8Array, number]>([
  ['a GGUF file', text('GGUF\u0003'), 4],
  ['a safetensors file', bytes(64, 1, 0, 0, 0, 0, 0, 0, 0x7b, 0x22), 9],
  ['a PyTorch checkpoint', zip('archive/data.pkl'), 4],
  ['a zip archive', zip('model.onnx'), 4],
  ['a Python pickle, as PyTorch writes it', bytes(0x80, 2, 0x8a, 10), 2],
  ['a TensorFlow Lite model', bytes(0x1c, 0, 0, 0, 0x54, 0x46, 0x4c, 0x33), 8],
  ['an HDF5 file, as Keras writes it', bytes(0x89, 0x48, 0x44, 0x46, 13), 4],
  ['a NumPy array', bytes(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1), 6],
  ['a PNG picture', bytes(0x89, 0x50, 0x4e, 0x47, 13, 10), 4],
  ['a JPEG picture', bytes(0xff, 0xd8, 0xff, 0xe0), 3],
  ['a PDF document', text('%PDF-1.7'), 4],
  ['a gzip archive', bytes(0x1f, 0x8b, 8), 2],
  ['a web page', text('\n  <!DOCTYPE HTML><html>'), 17],
  ['an XML file', text('<?xml version="1.0"?><net>'), 5],
  ['JSON text', text('{"a":1}'), 2],
  ['JSON text', text('[{"a":1}]'), 2],
  ['a Git LFS pointer', text('version https://git-lfs.github.com/spec/v1'), 23],
  ['a text file', text('text,label\ngood,1\n'), 18],
  ['an empty file', bytes(), 0],
])('%s is told', (actually, head, headMatch) => {
  expect(probeOnnx(head)).toMatchObject({ verdict: 'other', actually, headMatch });
  expect(probeOnnx(head).remedy).toMatch(/\.$/);
});

test('never throws, whatever the bytes', () => {
  let state = 1;
  for (let round = 0; round < 5000; round++) {
    const head = Uint8Array.from({ length: round % 70 }, () => {
      state = (state * 48271) % 2147483647;
      return state & 255;
    });
    expect(['onnx', 'maybe', 'other']).toContain(probeOnnx(head).verdict);
  }
});
