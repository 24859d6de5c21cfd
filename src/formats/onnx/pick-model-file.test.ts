import { expect, test } from 'vitest';
import { pickModelFile } from './pick-model-file.ts';

const pick = (...paths: string[]) =>
  pickModelFile(paths.map((path, index) => ({ path, blob: new Blob(['x'.repeat(index)]) }))).path;

test.each<[string, string[]]>([
  ['a.onnx', ['a.onnx']],
  ['weights.bin', ['weights.bin']],
  ['m/model.onnx', ['m/config.json', 'm/model.onnx', 'm/tokenizer.json']],
  ['m/onnx/model.onnx', ['m/config.json', 'm/onnx/model_q4.onnx', 'm/onnx/model.onnx']],
  ['m/bert.ONNX', ['m/bert.ONNX', 'm/onnx/model.onnx', 'm/bert.onnx_data']],
  ['m/model.onnx', ['m/._model.onnx', 'm/model.onnx']],
  ['m/model.safetensors', ['m/config.json', 'm/model.safetensors']],
])('%s is the model of %j', (expected, paths) => {
  expect(pick(...paths)).toBe(expected);
});

test('several models at one level are named', () => {
  expect(() => pick('m/decoder.onnx', 'm/encoder.onnx', 'm/x.json')).toThrow(
    'There are 2 ONNX files here: m/decoder.onnx, m/encoder.onnx. Drop the one to compress.',
  );
  expect(() => pick('a/model.onnx', 'b/model.onnx')).toThrow('a/model.onnx, b/model.onnx');
  const many = Array.from({ length: 9 }, (_, index) => `${index}.onnx`);
  expect(() => pick(...many)).toThrow('4.onnx and 4 more');
});

test('no file at all', () => {
  expect(() => pick()).toThrow(expect.objectContaining({ code: 'not-a-model' }));
});
