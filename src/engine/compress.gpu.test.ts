import { expect, test } from 'vitest';
import type { TargetId } from '../catalog/targets.ts';
import { openDataset } from '../dataset/dataset.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { openDevice } from '../gpu/open-device.ts';
import { RtnPipeline } from '../methods/rtn.ts';
import { findWeights } from '../model/find-weights.ts';
import { planRecipe } from '../plan/plan.ts';
import { referenceOutput } from '../plan/testing/reference-output.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { compress } from './compress.ts';

const response = await fetch('/samples/sentiment-tiny/model.onnx');
const model = await openOnnx([{ path: 'model.onnx', blob: await response.blob() }]);
const weights = findWeights(model);
const dataset = await openDataset([], model, { seed: 1 });
const open = { model, weights, dataset };
const gpu = await openDevice();
const rtn = new RtnPipeline(gpu);
const device = { name: gpu.adapter.name, software: gpu.adapter.isSoftware };

const recipeOf = (target: TargetId, options: Recipe['steps'][number]['options']): Recipe => ({
  format: 'whittle-recipe',
  version: 1,
  name: 'case',
  target,
  seed: 1,
  steps: [{ technique: 'rtn', options }],
});

test.each([
  ['webgpu', { bits: 4, blockSize: 32 }],
  ['webgpu', { bits: 8, blockSize: 64, symmetric: false }],
  ['wasm', { bits: 4, blockSize: 32, symmetric: false }],
  ['wasm', { bits: 8, blockSize: 'channel' }],
  ['wasm', { bits: 8, blockSize: 32, symmetric: false }],
] as const)('%s %o: the GPU writes the file that the reference writes', async (target, options) => {
  const recipe = recipeOf(target, options);
  const finished: string[] = [];
  const compressed = await compress(open, recipe, {
    signal: new AbortController().signal,
    progress: (message) => finished.push(...message.finished.map(({ name }) => name)),
    rtn,
    device,
  });
  const [file] = compressed.files;
  expect(file?.blob.size).toBe(compressed.byteLength);
  expect(compressed.partial).toBe(false);
  const bytes = new Uint8Array((await file?.blob.arrayBuffer()) ?? []);
  const expected = await referenceOutput(model, planRecipe(model, weights, recipe));
  expect(bytes.length).toBe(expected.length);
  expect(bytes.findIndex((byte, at) => byte !== expected[at])).toBe(-1);
  const { planned } = planRecipe(model, weights, recipe);
  expect(finished).toEqual(planned.map(({ weight }) => weight.name));
});

test('cancel between weights ends the job', async () => {
  const abort = new AbortController();
  const job = compress(open, recipeOf('webgpu', { bits: 4 }), {
    signal: abort.signal,
    progress: ({ done }) => {
      if (done === 2) abort.abort();
    },
    rtn,
    device,
  });
  await expect(job).rejects.toMatchObject({ name: 'AbortError' });
});
