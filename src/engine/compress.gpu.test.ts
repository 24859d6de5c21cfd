import { afterAll, expect, test, vi } from 'vitest';
import type { Compressed } from '../bridge/compress-calls.ts';
import type { TargetId } from '../catalog/targets.ts';
import { readFloat32 } from '../formats/onnx/read-float32.ts';
import { openDevice } from '../gpu/open-device.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import { planRecipe } from '../plan/plan.ts';
import { referenceOutput } from '../plan/testing/reference-output.ts';
import type { Recipe, Step } from '../recipe/recipe.ts';
import { compress } from './compress.ts';
import type { OpenModel } from './models.ts';
import { executorsOn } from './testing/executors-on.ts';
import { openedModel, recipeOf, sampleModel } from './testing/opened-sample.ts';

vi.setConfig({ testTimeout: 120_000 });

const gpu = await openDevice();
const onGpu = executorsOn(gpu);
const onCpu = { acquire: async () => new CpuExecutor() };
afterAll(() => gpu[Symbol.dispose]());

const sentiment = await openedModel(await sampleModel('sentiment-tiny'));
const digits = await openedModel(await sampleModel('digits'));
const signal = new AbortController().signal;

const run = (open: OpenModel, recipe: Recipe, executors = onGpu) =>
  compress(open, recipe, { signal, executors, progress: () => {} });

const bytesOf = async ({ files }: Compressed) =>
  new Uint8Array((await files[0]?.blob.arrayBuffer()) ?? []);

async function expectSame(own: Uint8Array, wanted: Uint8Array): Promise<void> {
  expect(own.length).toBe(wanted.length);
  expect(own.findIndex((byte, at) => byte !== wanted[at])).toBe(-1);
}

const rtn = (bits: number, blockSize: number | 'channel' = 32): Step => ({
  technique: 'rtn',
  options: { bits, blockSize, symmetric: false },
});
const prune = (options: Step['options']): Step => ({ technique: 'magnitude', options });
const svd = (options: Step['options']): Step => ({ technique: 'svd', options });

const CASES: readonly (readonly [string, OpenModel, TargetId, readonly Step[]])[] = [
  ['int4 blocks', sentiment, 'webgpu', [rtn(4)]],
  ['int4 columns', sentiment, 'wasm', [rtn(4)]],
  ['int8 columns', sentiment, 'wasm', [rtn(8, 'channel')]],
  ['fp16', sentiment, 'wasm', [{ technique: 'fp16', options: {} }]],
  ['int8 for portable runtimes', digits, 'portable', [rtn(8, 'channel')]],
  ['half pruned', digits, 'wasm', [prune({ sparsity: 0.5 })]],
  ['2:4', digits, 'wasm', [prune({ pattern: '2:4' })]],
  ['pruned globally, int8', sentiment, 'wasm', [prune({ sparsity: 0.6, scope: 'global' }), rtn(8)]],
  ['4:8, fp16', digits, 'webgpu', [prune({ pattern: '4:8' }), { technique: 'fp16', options: {} }]],
];

test.each(CASES)(
  '%s: the GPU writes the file that the reference writes',
  async (_, open, target, steps) => {
    const recipe = recipeOf(target, ...steps);
    const plan = planRecipe(open.model, open.weights, recipe);
    expect(plan.planned.length).toBeGreaterThan(0);
    const finished: string[] = [];
    const compressed = await compress(open, recipe, {
      ...{ signal, executors: onGpu },
      progress: (message) => finished.push(...message.finished.map(({ name }) => name)),
    });
    expect(compressed.partial).toBe(false);
    expect(compressed.byteLength).toBe(plan.byteLength);
    expect(compressed.device).toBe(gpu.adapter.name);
    await expectSame(await bytesOf(compressed), await referenceOutput(open.model, plan));
    expect(finished).toEqual(plan.planned.map(({ weight }) => weight.name));
  },
);

test('the CPU writes the same file, and is named', async () => {
  for (const [, open, target, steps] of CASES.filter(([name]) => !name.startsWith('int4'))) {
    const recipe = recipeOf(target, ...steps);
    const plan = planRecipe(open.model, open.weights, recipe);
    const compressed = await run(open, recipe, onCpu);
    expect(compressed.device).toBe('CPU (reference implementation)');
    await expectSame(await bytesOf(compressed), await referenceOutput(open.model, plan));
  }
});

/** Weights of the written file by name, as float32. */
async function writtenWeights(compressed: Compressed) {
  const { model } = await openedModel(compressed.files[0]?.blob ?? new Blob());
  return async (name: string) => {
    const tensor = model.graph.tensors.get(name);
    if (!tensor) throw new Error(`the file has no ${name}`);
    return readFloat32(model, tensor);
  };
}

test('pruned weights have exactly the zeros that were asked for', async () => {
  for (const options of [{ sparsity: 0.5 }, { pattern: '2:4' }]) {
    const recipe = recipeOf('wasm', prune({ ...options, zeros: 'stored' }));
    const read = await writtenWeights(await run(digits, recipe));
    const { planned } = planRecipe(digits.model, digits.weights, recipe);
    expect(planned.length).toBeGreaterThan(2);
    for (const { weight, view } of planned) {
      const values = await read(weight.name);
      const zeros = values.filter((value) => value === 0).length;
      const { axisLength } = view.inputs;
      const tail = Math.floor((axisLength % 4) / 2);
      const ofAxis = 2 * Math.floor(axisLength / 4) + tail;
      const wanted =
        'pattern' in options
          ? (values.length / axisLength) * ofAxis
          : Math.floor(values.length / 2);
      expect(zeros).toBe(wanted);
    }
  }
});

test.each([
  ['by rank', { by: 'rank', rank: 4 }],
  ['by budget', { by: 'budget', budget: 0.4 }],
  ['by energy', { by: 'energy', energy: 0.7 }],
] as const)(
  'low rank %s: the size is the plan’s, the errors are those of the file',
  async (_, options) => {
    const recipe = recipeOf('wasm', svd(options));
    const compressed = await run(sentiment, recipe);
    const read = await writtenWeights(compressed);
    const rows = compressed.weights.filter(({ technique }) => technique === 'svd');
    expect(rows.length).toBeGreaterThan(0);
    const first = planRecipe(sentiment.model, sentiment.weights, recipe);
    if (options.by !== 'energy') expect(compressed.byteLength).toBe(first.byteLength);
    else expect(compressed.byteLength).toBeLessThanOrEqual(first.byteLength);
    expect((await bytesOf(compressed)).length).toBe(compressed.byteLength);
    for (const { name, sqnrDb } of rows) {
      const { weight, view } = first.planned.find((it) => it.weight.name === name) ?? {};
      if (!weight || !view || view.operator === 'Gather') continue;
      const original = await readFloat32(sentiment.model, weight.tensor);
      const [a, b] = [await read(`${name}_A`), await read(`${name}_B`)];
      const [left, right] = view.transposed ? [b, a] : [a, b];
      const columns = view.transposed ? view.K : view.N;
      const rank = right.length / columns;
      let [squares, errors] = [0, 0];
      for (let i = 0; i < original.length; i++) {
        let rest = original[i] as number;
        squares += rest * rest;
        for (let r = 0; r < rank; r++) {
          const [row, column] = [Math.floor(i / columns), i % columns];
          rest -= (left[row * rank + r] as number) * (right[r * columns + column] as number);
        }
        errors += rest * rest;
      }
      expect(sqnrDb).toBeCloseTo(10 * Math.log10(squares / errors), 3);
      if (options.by === 'energy') expect(1 - errors / squares).toBeGreaterThanOrEqual(0.7 - 1e-5);
    }
  },
);

test('factors are quantized too, and their errors counted', async () => {
  const recipe = recipeOf('wasm', svd({ by: 'rank', rank: 8 }), rtn(8, 'channel'));
  const alone = await run(sentiment, recipeOf('wasm', svd({ by: 'rank', rank: 8 })));
  const both = await run(sentiment, recipe);
  const { planned, byteLength } = planRecipe(sentiment.model, sentiment.weights, recipe);
  expect(both.byteLength).toBe(byteLength);
  const pairs = planned.filter(({ parts }) => parts.length === 2);
  expect(pairs.length).toBeGreaterThan(0);
  for (const { weight } of pairs) {
    const find = ({ weights }: Compressed) => weights.find(({ name }) => name === weight.name);
    expect(find(both)?.technique).toBe('svd + rtn');
    expect(find(both)?.bytesAfter).toBeLessThan(find(alone)?.bytesAfter ?? 0);
    const [own, float] = [find(both)?.sqnrDb ?? 0, find(alone)?.sqnrDb ?? 0];
    expect(own).toBeLessThan(float);
    expect(own).toBeGreaterThan(float - 3);
  }
});

test('weights that fail are left alone, named, and the others go on', async () => {
  const { planned } = planRecipe(digits.model, digits.weights, recipeOf('wasm', rtn(8)));
  const [broken, wide] = planned.map(({ weight }) => weight);
  const blob = digits.model.files[0]?.blob;
  if (!broken || !wide || !blob) throw new Error('digits has weights');
  let patched = blob;
  for (const [{ tensor }, value] of [
    [broken, Number.NaN],
    [wide, 70_000],
  ] as const) {
    if (tensor.payload.kind !== 'raw') throw new Error('digits stores raw weights');
    const { start } = tensor.payload.range;
    const bytes = Float32Array.of(value);
    patched = new Blob([patched.slice(0, start), bytes, patched.slice(start + 4)]);
  }
  const open = await openedModel(patched);
  for (const executors of [onGpu, onCpu]) {
    const failures = async (...steps: readonly Step[]) => {
      const recipe = recipeOf('wasm', ...steps);
      const compressed = await run(open, recipe, executors);
      expect((await bytesOf(compressed)).length).toBe(compressed.byteLength);
      const failed = compressed.weights.filter(({ failed: it }) => it);
      expect(compressed.partial).toBe(failed.length > 0);
      expect(compressed.weights.length).toBe(open.weights.length);
      return failed.map(({ name, reason }) => [name, reason]);
    };
    const isBroken = [broken.name, expect.stringContaining('not finite')];
    expect(await failures(rtn(8))).toEqual([isBroken]);
    expect(await failures(prune({ sparsity: 0.5, scope: 'global' }), rtn(8))).toEqual([isBroken]);
    expect(await failures(prune({ pattern: '2:4' }))).toEqual([isBroken]);
    expect(await failures({ technique: 'fp16', options: {} })).toEqual([
      isBroken,
      [wide.name, expect.stringContaining('exceed 65,504')],
    ]);
  }
});
