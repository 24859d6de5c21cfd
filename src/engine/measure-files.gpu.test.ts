/** Models and outputs of several files, and ones that are too big for the runtime's heap. */
import { expect, test } from 'vitest';
import { matMulModel, tinyOnnx } from '../bench/testing/tiny-onnx.ts';
import type { MeasureRequest } from '../bridge/measure-calls.ts';
import { openDataset } from '../dataset/dataset.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { findWeights } from '../model/find-weights.ts';
import { type MeasureContext, measure, releaseOriginal } from './measure.ts';

const weights = Float32Array.from({ length: 64 }, (_, index) => ((index * 7) % 11) - 5);
const graph = new Blob([tinyOnnx(matMulModel([...weights], [16, 4], 'w.data'))]);

async function openModel(data: Blob) {
  const files = [
    { path: 'model.onnx', blob: graph },
    { path: 'w.data', blob: data },
  ];
  const model = await openOnnx(files);
  const dataset = await openDataset(files, model, { seed: 1 });
  return { files, open: { model, dataset, weights: findWeights(model) } };
}

const request: MeasureRequest = {
  ...{ modelId: 'model', files: null, weights: [], backends: ['wasm'], scoreOn: 'wasm' },
  ...{ score: true, warmUp: 1, repetitions: 6 },
};
const context: MeasureContext = {
  signal: new AbortController().signal,
  stop: new AbortController().signal,
  progress: () => {},
  device: (backend) => ({ name: backend, software: true }),
  isVisible: () => true,
};

test('an output of a graph and a file beside it is measured', async () => {
  const { open, files } = await openModel(new Blob([weights]));
  const run = files.map(({ path, blob }) => ({ path: `out/${path}`, blob }));
  const { measurements, fidelity } = await measure(open, { ...request, files: run }, context);
  await releaseOriginal(open);
  expect(measurements[0]).toMatchObject({ failure: null, truth: { cosine: 1, failure: null } });
  expect(measurements[0]?.skipped).toBeUndefined();
  expect(fidelity).toMatchObject({ rows: 32, cosine: 1, top1Agreement: 1 });
});

test('a model too big to run is not tried, and says what it needs', async () => {
  // Parts of one Blob: nothing of the 3.2 GB is in memory.
  const piece = new Blob([weights, new Uint8Array(2 ** 25)]);
  const { open, files } = await openModel(new Blob(Array.from({ length: 96 }, () => piece)));
  const backends = ['wasm', 'webgpu'] as const;
  for (const of of [null, files]) {
    const measured = await measure(open, { ...request, backends, files: of }, context);
    expect(measured).toMatchObject({
      accuracy: null,
      fidelity: null,
      answers: null,
      stopped: false,
    });
    expect(measured.measurements).toHaveLength(2);
    for (const { backend, failure, skipped, latency, truth } of measured.measurements) {
      expect(backends).toContain(backend);
      expect([failure, latency, truth]).toEqual([null, null, null]);
      expect(skipped).toBe('needs about 4.8 GB; the runtime has 4.3 GB here');
    }
    expect(measured.dataset.rows).toBe(0);
  }
  await releaseOriginal(open);
});
