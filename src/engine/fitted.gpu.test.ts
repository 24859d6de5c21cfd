/** Techniques that fit levels to values, through the whole engine. */
import { afterAll, expect, test, vi } from 'vitest';
import type { Compressed } from '../bridge/compress-calls.ts';
import type { TargetId } from '../catalog/targets.ts';
import { openDevice } from '../gpu/open-device.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import { planRecipe } from '../plan/plan.ts';
import { referenceOutput } from '../plan/testing/reference-output.ts';
import type { Step } from '../recipe/recipe.ts';
import { compress } from './compress.ts';
import { executorsOn } from './testing/executors-on.ts';
import { openedModel, recipeOf, sampleModel } from './testing/opened-sample.ts';

vi.setConfig({ testTimeout: 120_000 });

const gpu = await openDevice();
const onGpu = executorsOn(gpu);
const onCpu = { acquire: async () => new CpuExecutor() };
afterAll(() => gpu[Symbol.dispose]());

const digits = await openedModel(await sampleModel('digits'));
const { signal } = new AbortController();

const run = (target: TargetId, steps: readonly Step[], executors = onGpu) =>
  compress(digits, recipeOf(target, ...steps), { signal, executors, progress: () => {} });
const bytesOf = async ({ files }: Compressed) =>
  new Uint8Array((await files[0]?.blob.arrayBuffer()) ?? []);
const step = (technique: Step['technique'], options: Step['options'] = {}): Step => ({
  ...{ technique, options },
});

test.each([
  ['nf4', 'webgpu', [step('nf4')]],
  ['3-bit palettes', 'wasm', [step('palettize', { bits: 3 })]],
  [
    'half pruned, 5-bit palette',
    'native',
    [step('magnitude', { sparsity: 0.5 }), step('palettize', { bits: 5, channels: 'all' })],
  ],
] as const)('%s: the file that the reference writes, on both', async (_, target, steps) => {
  const plan = planRecipe(digits.model, digits.weights, recipeOf(target, ...steps));
  expect(plan.planned.length).toBeGreaterThan(2);
  const wanted = await referenceOutput(digits.model, plan);
  for (const executors of [onGpu, onCpu]) {
    const compressed = await run(target, steps, executors);
    expect(compressed.byteLength).toBe(plan.byteLength);
    const own = await bytesOf(compressed);
    expect(own.findIndex((byte, at) => byte !== wanted[at])).toBe(-1);
    expect(own.length).toBe(wanted.length);
  }
});

test.each(['hqq', 'k-quant'] as const)(
  '%s: as long as plain rounding, nearer in every weight, the same again',
  async (technique) => {
    const options = { bits: 4, blockSize: 32 };
    const plain = await run('wasm', [step('rtn', { ...options, symmetric: false })]);
    const first = await run('wasm', [step(technique, options)]);
    expect(first.byteLength).toBe(plain.byteLength);
    const rows = first.weights.filter((row) => row.technique === technique);
    expect(rows.length).toBeGreaterThan(2);
    for (const { name, sqnrDb, note } of rows) {
      const other = plain.weights.find((row) => row.name === name);
      expect(sqnrDb, name).toBeGreaterThan(other?.sqnrDb ?? 99);
      expect(note).toMatch(/Plain rounding was nearer in \d+ % of its blocks/);
    }
    expect(await bytesOf(await run('wasm', [step(technique, options)]))).toEqual(
      await bytesOf(first),
    );
    const onThisThread = await run('wasm', [step(technique, options)], onCpu);
    expect(onThisThread.byteLength).toBe(first.byteLength);
    for (const { name, sqnrDb } of onThisThread.weights) {
      const other = first.weights.find((row) => row.name === name)?.sqnrDb ?? null;
      if (sqnrDb !== null && other !== null) expect(Math.abs(sqnrDb - other)).toBeLessThan(0.1);
    }
  },
);
