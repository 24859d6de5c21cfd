/** Models that run with some sizes of inputs only, which their graphs do not state. */
import { expect, test } from 'vitest';
import { openDataset } from '../dataset/dataset.ts';
import { writeValueInfo } from '../formats/onnx/encode.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { encode } from '../formats/onnx/proto-writer.ts';
import { buildModel } from '../formats/onnx/testing/build-model.ts';
import { findWeights } from '../model/find-weights.ts';
import { measure } from './measure.ts';

/** A model of free image sides that holds an image of `elements` values only. */
async function pickyModel(elements: number) {
  const shape = new BigInt64Array([1n, BigInt(elements)]);
  const bytes = buildModel({
    nodes: [
      {
        op: 'Reshape',
        domain: '',
        name: 'flat',
        inputs: ['x', 'shape'],
        outputs: ['y'],
        attributes: {},
      },
    ],
    initializers: [
      {
        name: 'shape',
        dtype: 'int64',
        dims: [2],
        bytes: new Uint8Array(shape.buffer),
      },
    ],
    inputs: [],
    outputs: [],
    extra: [
      encode((writer) => {
        writer.message(11, () => writeValueInfo(writer, 'x', 'float32', ['N', 3, 'H', 'W']));
        writer.message(12, () => writeValueInfo(writer, 'y', 'float32', ['N', 'values']));
      }),
    ],
  });
  const files = [{ path: 'picky.onnx', blob: new Blob([bytes]) }];
  const model = await openOnnx(files);
  return {
    model,
    weights: findWeights(model),
    dataset: await openDataset(files, model, { seed: 1 }),
  };
}

const measured = async (elements: number) =>
  measure(
    await pickyModel(elements),
    {
      modelId: 'model',
      files: null,
      weights: [],
      backends: ['wasm'],
      scoreOn: 'wasm',
      score: true,
      warmUp: 1,
      repetitions: 6,
    },
    {
      signal: new AbortController().signal,
      stop: new AbortController().signal,
      progress: () => {},
      device: (backend) => ({ name: backend, software: false }),
      isVisible: () => true,
    },
  );

test('rows are made up in sizes that the model runs with, and the report says which', async () => {
  const { measurements, dataset } = await measured(3 * 48 * 320);
  expect(measurements[0]).toMatchObject({ failure: null, latency: { input: '1 × 3 × 48 × 320' } });
  expect(dataset).toMatchObject({
    rows: 32,
    preprocessing: 'generated with seed 1, 1 × 3 × 48 × 320',
  });
});

test('where none runs nothing is measured, with what to do', async () => {
  const { measurements, dataset } = await measured(7);
  expect(measurements[0]).toMatchObject({ failure: null, latency: null });
  expect(measurements[0]?.skipped).toMatch(
    /^the original runs with none of the made-up inputs .* Drop an \.npz .* cannot be reshaped/s,
  );
  expect(dataset.rows).toBe(0);
});
