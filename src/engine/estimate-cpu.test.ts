import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import type { Step } from '../recipe/recipe.ts';
import { MemoryWeights } from '../storage/finished-weights.ts';
import { compress } from './compress.ts';
import { estimateCpu } from './estimate-cpu.ts';
import { openedModel, recipeOf } from './testing/opened-sample.ts';

vi.setConfig({ testTimeout: 60_000 });

const { signal } = new AbortController();
const executor = new CpuExecutor();
const digits = await openedModel(new Blob([readFileSync('public/samples/digits/model.onnx')]));

const STEPS: Readonly<Record<string, readonly Step[]>> = {
  'rounding and a search': [
    { technique: 'rtn', where: { op: ['Gemm'] }, options: { bits: 4, clip: true } },
    { technique: 'rtn', options: { bits: 8 } },
  ],
  'pruning and fp16': [
    { technique: 'magnitude', options: { pattern: '2:4' } },
    { technique: 'fp16', options: {} },
  ],
  'along the inputs': [
    { technique: 'sparsegpt', options: {} },
    { technique: 'gptq', options: {} },
  ],
  'low rank': [{ technique: 'svd', options: { by: 'rank', rank: 4 } }],
};

test.each(Object.entries(STEPS))(
  '%s: some time is left, and none when all is done',
  async (_, steps) => {
    const recipe = recipeOf('wasm', ...steps);
    const finished = new MemoryWeights();
    const all = await estimateCpu(digits, recipe, finished, { executor, signal });
    expect(all).toBeGreaterThan(0);
    expect(all).toBeLessThan(600_000);
    const executors = { acquire: async () => executor };
    await compress(digits, recipe, { signal, executors, finished, progress: () => {} });
    expect(await estimateCpu(digits, recipe, finished, { executor, signal })).toBe(0);
  },
);

test('stops when told', async () => {
  const recipe = recipeOf('wasm', ...(STEPS['low rank'] ?? []));
  const cancelled = { executor, signal: AbortSignal.abort() };
  const estimating = estimateCpu(digits, recipe, new MemoryWeights(), cancelled);
  await expect(estimating).rejects.toMatchObject({ name: 'AbortError' });
});

test('walking along the inputs counts', async () => {
  const left = async (technique: Step['technique']) => {
    const recipe = recipeOf('wasm', { technique, options: {} });
    return estimateCpu(digits, recipe, new MemoryWeights(), { executor, signal });
  };
  expect(await left('gptq')).toBeGreaterThan(await left('rtn'));
});

test('judging what to cut away counts', async () => {
  const left = async (score: string) => {
    const options = { score, reconstruct: false };
    const recipe = recipeOf('wasm', { technique: 'cut-channels', options });
    return estimateCpu(digits, recipe, new MemoryWeights(), { executor, signal });
  };
  expect(await left('loss')).toBeGreaterThan(await left('weights'));
});
