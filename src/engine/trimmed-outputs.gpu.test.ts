/** A run with fewer tokens beside an original that also gives something for each token. */
import { expect, test } from 'vitest';
import { openDataset } from '../dataset/dataset.ts';
import { withMoreOutputs } from '../formats/onnx/more-outputs.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import { findWeights } from '../model/find-weights.ts';
import { compress } from './compress.ts';
import { measure } from './measure.ts';
import { recipeOf, sampleModel } from './testing/opened-sample.ts';

const HIDDEN = '/bert/encoder/layer.1/output/LayerNorm/LayerNormalization_output_0';
const ROWS = 40;

test('computes what the original does with its tokens, and its answers are compared', async () => {
  const fetched = async (path: string) => (await fetch(`/samples/sentiment-tiny/${path}`)).blob();
  const lines = (await (await fetched('test.csv')).text()).split('\n').slice(0, ROWS + 1);
  const files = [
    { path: 'model.onnx', blob: withMoreOutputs(await sampleModel('sentiment-tiny'), [HIDDEN]) },
    { path: 'test.csv', blob: new Blob([lines.join('\n')]) },
    ...(await Promise.all(
      ['calibration.csv', 'tokenizer.json', 'tokenizer_config.json', 'config.json'].map(
        async (path) => ({ path, blob: await fetched(path) }),
      ),
    )),
  ];
  const model = await openOnnx(files);
  const dataset = await openDataset(files, model, { seed: 1 });
  const open = { model, weights: findWeights(model), dataset };
  const { signal } = new AbortController();
  const trim = { technique: 'vocabulary', options: {} } as const;
  const run = await compress(open, recipeOf('wasm', trim), {
    ...{ signal, progress: () => {} },
    executors: { acquire: async () => new CpuExecutor() },
  });
  const { fidelity, measurements } = await measure(
    open,
    {
      ...{ modelId: 'model', files: run.files, weights: run.weights, score: true },
      ...{ backends: ['wasm'], scoreOn: 'wasm', warmUp: 0, repetitions: 0 },
    },
    {
      ...{ signal, stop: signal, progress: () => {}, isVisible: () => true },
      device: (backend) => ({ name: backend, software: false }),
    },
  );
  expect(measurements[0]).toMatchObject({ failure: null, truth: { verdict: 'agrees' } });
  expect(measurements[0]?.truth?.cosine).toBeCloseTo(1, 9);
  expect(fidelity).toMatchObject({ rows: ROWS });
  // Words that no text of the corpus has fall to pieces.
  expect(fidelity?.cosine).toBeGreaterThan(0.8);
  expect(fidelity?.cosine).toBeLessThan(1);
});
