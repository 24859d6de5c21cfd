import { expect, test, vi } from 'vitest';
import type { Outputs } from '../bench/outputs.ts';
import { createSession } from '../bench/session.ts';
import { keepPipelines } from '../bench/testing/keep-pipelines.ts';
import type { Backend } from '../core/backend.ts';
import { openDataset } from '../dataset/dataset.ts';
import { layoutOnnx } from '../formats/onnx/layout.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { editOf } from '../formats/onnx/testing/apply-edit.ts';
import { besideIn } from '../formats/onnx/testing/beside-in.ts';
import { smallNets } from '../formats/onnx/testing/small-nets.ts';
import { writeOnnx } from '../formats/onnx/write.ts';
import { openDevice } from '../gpu/open-device.ts';
import { findWeights } from '../model/find-weights.ts';
import type { Step } from '../recipe/recipe.ts';
import { compress } from './compress.ts';
import { sessionFilesOf } from './session-files.ts';
import { executorsOn } from './testing/executors-on.ts';

const ROWS = 3;
await keepPipelines();
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

const known = new Map<Backend, Promise<Outputs[]>>();
const whole = files[0]?.blob ?? new Blob();

/** Of the sample as one file, asked once a backend. */
function outputsOfWhole(backend: Backend): Promise<Outputs[]> {
  const outputs = known.get(backend) ?? outputsOf(backend, whole, {});
  known.set(backend, outputs);
  return outputs;
}

async function expectSameOutputs(backend: Backend, file: Blob): Promise<void> {
  const { graph, ...options } = sessionFilesOf(
    await openOnnx([{ path: 'model.onnx', blob: file }]),
    1024,
  );
  expect(options.externalBytes).toBeGreaterThan(0.8 * file.size);
  const beside = await outputsOf(backend, graph, options);
  const expected = file === whole ? outputsOfWhole(backend) : outputsOf(backend, file, {});
  expect(beside).toEqual(await expected);
}

test.each(['wasm', 'webgpu'] as const)(
  'on %s weights beside the graph give the same outputs to the bit',
  (backend) => expectSameOutputs(backend, whole),
);

/** Every weight of the net twice: in both branches, with other values. */
const { branches } = smallNets(await (await fetch('/samples/digits/model.onnx')).bytes());

async function answers(
  backend: Backend,
  graph: Blob,
  options: Parameters<typeof createSession>[2],
) {
  const session = await createSession(graph, backend, options);
  const outputs: Outputs[] = [];
  for (const level of [0.05, 0.9]) {
    const data = Float32Array.from({ length: 28 * 28 }, (_, at) => level * ((at % 7) / 7 + 0.1));
    outputs.push(await session.run({ image: { dtype: 'float32', dims: [1, 1, 28, 28], data } }));
  }
  await session.release();
  return outputs;
}

test.each(['wasm', 'webgpu'] as const)(
  'on %s weights of both branches of an If run from a side file as from the graph',
  async (backend) => {
    const beside = besideIn(branches);
    expect(beside[1]?.blob.size).toBeGreaterThan(0.8 * branches.length);
    const { graph, ...options } = sessionFilesOf(await openOnnx(beside), 1024);
    const outputs = await answers(backend, graph, options);
    expect(outputs).toEqual(await answers(backend, new Blob([branches]), {}));
    expect(outputs[0]).not.toEqual(outputs[1]);
  },
);

test.each(['wasm', 'webgpu'] as const)(
  'on %s an output of several files runs as the one that it was',
  async (backend) => {
    const importsMore = editOf({}, new Map([['com.microsoft', 1]]));
    const limits = { largestFile: 0.75 * whole.size, leastExternal: 1024 };
    const written = writeOnnx(model, layoutOnnx(model, importsMore, limits), new Map());
    expect(written.map(({ path }) => path)).toEqual([
      ...['model.onnx', 'model.onnx.data', 'model.onnx.1.data'],
    ]);
    const { graph, ...options } = sessionFilesOf(await openOnnx(written));
    expect(options.externalBytes).toBeGreaterThan(0.9 * whole.size);
    const several = await outputsOf(backend, graph, options);
    expect(several).toEqual(await outputsOfWhole(backend));
  },
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
