import { expect, test } from 'vitest';
import { tooBigToRun } from '../bench/heap.ts';
import { writeTensorHeader } from '../formats/onnx/encode.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { encode } from '../formats/onnx/proto-writer.ts';
import { sessionFilesOf } from './session-files.ts';

const LAYERS = 18;
const DIMS = [4096, 4096];
const LAYER_BYTES = 4 * 4096 * 4096;

/** 1.2 GB, one layer's bytes used again and again. */
function bigModel(): Blob {
  const payload = new Blob([new Uint8Array(LAYER_BYTES)]);
  const layers = Array.from({ length: LAYERS }, (_, index) => [
    encode((writer) => {
      const tensor = { name: `w${index}`, dtype: 'float32', dims: DIMS } as const;
      writer.message(5, () => writeTensorHeader(writer, tensor), LAYER_BYTES);
    }),
    payload,
  ]);
  const graph = new Blob(layers.flat());
  const header = encode((writer) => {
    writer.varintField(1, 8);
    writer.header(7, graph.size);
  });
  return new Blob([header, graph]);
}

test('a model of 1.2 GB is small enough to run with its weights beside the graph', async () => {
  const blob = bigModel();
  expect(tooBigToRun(blob.size, 0)).toContain('needs about 4.8 GB');
  const files = sessionFilesOf(await openOnnx([{ path: 'model.onnx', blob }]));
  expect(files.externalBytes).toBe(LAYERS * LAYER_BYTES);
  expect(files.embeddedBytes).toBeLessThan(3000);
  expect(files.graph.size).toBe(files.embeddedBytes);
  expect(tooBigToRun(files.embeddedBytes, files.externalBytes)).toBeNull();
});
