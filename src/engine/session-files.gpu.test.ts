import { expect, test, vi } from 'vitest';
import type { Outputs } from '../bench/outputs.ts';
import { createSession } from '../bench/session.ts';
import type { Backend } from '../core/backend.ts';
import { openDataset } from '../dataset/dataset.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { openDevice } from '../gpu/open-device.ts';
import { findWeights } from '../model/find-weights.ts';
import type { Step } from '../recipe/recipe.ts';
import { compress } from './compress.ts';
import { sessionFilesOf } from './session-files.ts';
import { executorsOn } from './testing/executors-on.ts';

const ROWS = 3;
vi.setConfig({ testTimeout: 120_000 });

const files = await Promise.all(
  ['model.onnx', 'tokenizer.json', 'tokenizer_config.json', 'config.json', 'test.csv'].map(
    async (path) => ({
      path,
      blob: await (await fetch(`/samples/sentiment-tiny/${path}`)).blob(),
    }),
  ),
);
const model = await openOnnx(files);
const dataset = await openDataset(files, model, { seed: 1 });

async function outputsOf(
  backend: Backend,
  graph: Blob,
  options: Parameters<typeof createSession>[2],
): Promise<Outputs[]> {
  const session = await createSession(graph, backend, options);
  const outputs: Outputs[] = [];
  for (let row = 0; row < ROWS; row++) {
    outputs.push(await session.run(await dataset.evaluation.feeds(row)));
  }
  await session.release();
  return outputs;
}

async function expectSameOutputs(backend: Backend, file: Blob): Promise<void> {
  const { graph, ...options } = sessionFilesOf(
    await openOnnx([{ path: 'model.onnx', blob: file }]),
    1024,
  );
  expect(options.externalBytes).toBeGreaterThan(0.8 * file.size);
  const beside = await outputsOf(backend, graph, options);
  expect(beside).toEqual(await outputsOf(backend, file, {}));
}

test.each(['wasm', 'webgpu'] as const)(
  'on %s weights beside the graph give the same outputs to the bit',
  (backend) => expectSameOutputs(backend, files[0]?.blob ?? new Blob()),
);

const step = (bits: number): Step => ({ technique: 'rtn', options: { bits } });

// Packed weights that the runtime unpacks at load, and those that it computes with as they are.
test.each([
  ['wasm', 4],
  ['wasm', 8],
  ['webgpu', 4],
] as const)('so do those of a run for %s in %i bits', async (target, bits) => {
  const compressed = await compress(
    { model, weights: findWeights(model), dataset },
    {
      ...{ format: 'whittle-recipe', version: 1, name: 'test', seed: 1 },
      ...{ target, steps: [step(bits)] },
    },
    {
      signal: new AbortController().signal,
      progress: () => {},
      executors: executorsOn(await openDevice()),
    },
  );
  await expectSameOutputs(target, compressed.files[0]?.blob ?? new Blob());
});
