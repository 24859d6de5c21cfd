/** Weights whose axes are turned, batched, in bodies or in 16 bits, on the GPU. */
import { afterAll, expect, test, vi } from 'vitest';
import { openDevice } from '../gpu/open-device.ts';
import { planRecipe } from '../plan/plan.ts';
import { referenceOutput } from '../plan/testing/reference-output.ts';
import type { Step } from '../recipe/recipe.ts';
import { compress } from './compress.ts';
import { executorsOn } from './testing/executors-on.ts';
import { openedModel, recipeOf } from './testing/opened-sample.ts';

vi.setConfig({ testTimeout: 60_000 });

const gpu = await openDevice();
const executors = executorsOn(gpu);
afterAll(() => gpu[Symbol.dispose]());
const signal = new AbortController().signal;

const where = { minElements: 1 };
const int8: Step = { technique: 'rtn', where, options: { bits: 8, blockSize: 'channel' } };
const int4: Step = { technique: 'rtn', where, options: { bits: 4, blockSize: 32, clip: true } };
const nOfM: Step = { technique: 'magnitude', where, options: { pattern: '2:4' } };

test.each([
  ...['batched_matmul', 'conv_grouped', 'conv_transpose', 'fp16_weights', 'if_subgraphs'],
  ...['lstm', 'matmul_weight_left', 'tied_embedding', 'gemm_transA_transB'],
])('%s: the GPU writes what the reference writes', async (name) => {
  const open = await openedModel(await (await fetch(`/golden/onnx/${name}.onnx`)).blob());
  for (const target of ['wasm', 'portable'] as const) {
    for (const steps of [[int8], [int4], [nOfM, int8]]) {
      const recipe = recipeOf(target, ...steps);
      const plan = planRecipe(open.model, open.weights, recipe);
      const { files } = await compress(open, recipe, { signal, executors, progress: () => {} });
      const own = new Uint8Array((await files[0]?.blob.arrayBuffer()) ?? []);
      expect(own).toEqual(await referenceOutput(open.model, plan));
    }
  }
});
