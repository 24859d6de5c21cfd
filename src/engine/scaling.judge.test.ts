/** Models whose inputs are scaled, folded or multiplied, against the models that they come from. */
import { mkdtempSync, openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { checkModel, evaluate, judgeMissing, runModel } from '../../e2e/support/judge.ts';
import type { TargetId } from '../catalog/targets.ts';
import { seededRandom } from '../core/random.ts';
import { openDataset } from '../dataset/dataset.ts';
import { npy } from '../dataset/testing/tiny-files.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import { findWeights } from '../model/find-weights.ts';
import { planRecipe } from '../plan/plan.ts';
import type { Step } from '../recipe/recipe.ts';
import { compress } from './compress.ts';
import type { OpenModel } from './models.ts';
import { madeUpCalibrator } from './testing/made-up-calibrator.ts';
import { recipeOf } from './testing/opened-sample.ts';
import { K, preNormNetwork } from './testing/pre-norm-network.ts';

const scratch = mkdtempSync(join(tmpdir(), 'whittle-scaling-'));
const executors = { acquire: async () => new CpuExecutor() };
const { signal } = new AbortController();
const TIMEOUT = { timeout: 120_000 };

const awq = (options: Step['options']): Step => ({
  ...{ technique: 'awq', options, where: { minElements: 1 } },
});
const smooth: Step = { technique: 'smoothquant', options: {}, where: { minElements: 1 } };
const rtn = (options: Step['options']): Step => ({
  ...{ technique: 'rtn', options, where: { minElements: 1, op: ['MatMul', 'Gemm'] } },
});

const byInputs = (technique: Step['technique'], options: Step['options']): Step => ({
  ...{ technique, options, where: { minElements: 1, op: ['MatMul', 'Gemm'] } },
});

const factors = (rank: number): Step => ({
  ...{ technique: 'svd-llm', options: { by: 'rank', rank } },
  where: { minElements: 1, op: ['MatMul', 'Gemm'], not: { name: 'up.W' } },
});

const RECIPES: readonly (readonly [string, TargetId, readonly Step[], number])[] = [
  ['AWQ, 8 bits, kept packed', 'webgpu', [awq({ bits: 8 })], 0.9995],
  ['AWQ, 8 bits, integer product', 'wasm', [awq({ bits: 8, blockSize: 'channel' })], 0.999],
  ['AWQ, 8 bits, by value', 'portable', [awq({ bits: 8, blockSize: 'channel' })], 0.9995],
  ['AWQ, 4 bits, unpacked at load', 'wasm', [awq({ bits: 4, symmetric: false })], 0.97],
  ['SmoothQuant alone', 'wasm', [smooth], 0.9999999],
  ['SmoothQuant, 8 bits', 'wasm', [smooth, rtn({ bits: 8, blockSize: 'channel' })], 0.999],
  ['SmoothQuant, 8 bits by value', 'native', [smooth, rtn({ bits: 8 })], 0.999],
];

async function open(bytes: Blob | Uint8Array<ArrayBuffer>): Promise<OpenModel> {
  const blob = bytes instanceof Blob ? bytes : new Blob([bytes]);
  const model = await openOnnx([{ path: 'model.onnx', blob }]);
  return { model, weights: findWeights(model), dataset: await openDataset([], model, { seed: 1 }) };
}

async function written(original: Uint8Array<ArrayBuffer>): Promise<string> {
  const path = join(scratch, 'original.onnx');
  await writeFile(path, original);
  return path;
}

/** To the same five made-up rows each time. */
async function answers(path: string): Promise<Float32Array> {
  const feeds = join(scratch, 'feeds.npz');
  const random = seededRandom(5);
  const x = Float32Array.from({ length: 5 * K }, () => random.normal());
  await writeFile(feeds, zipSync({ 'x.npy': npy('<f4', [5, K], x) }));
  return new Float32Array((await runModel(path, feeds))['y']?.bytes.buffer ?? []);
}

async function compressed(opened: OpenModel, target: TargetId, steps: readonly Step[]) {
  const recipe = recipeOf(target, ...steps);
  const plan = planRecipe(opened.model, opened.weights, recipe);
  const context = { signal, executors, progress: () => {}, calibrator: madeUpCalibrator(3) };
  const made = await compress(opened, recipe, context);
  const path = join(scratch, 'compressed.onnx');
  const bytes = new Uint8Array((await made.files[0]?.blob.arrayBuffer()) ?? []);
  expect(made.byteLength).toBe(plan.byteLength);
  expect(bytes.length).toBe(plan.byteLength);
  await writeFile(path, bytes);
  await checkModel(path);
  return { plan, path, rows: made.weights };
}

test.skipIf(judgeMissing !== undefined).each(RECIPES)(
  'a network with norms: %s',
  TIMEOUT,
  async (_, target, steps, least) => {
    const original = preNormNetwork();
    const { plan, path, rows } = await compressed(await open(original), target, steps);
    expect(
      plan.scalings.map(({ value, folded, members }) => [
        value,
        members,
        folded?.map(({ weight }) => weight.name) ?? null,
      ]),
    ).toEqual([
      ['h', ['gate.W', 'up.W'], ['gamma', 'beta']],
      ['inner', ['down.W'], ['up.b', 'up.W']],
      ['last', ['head.W'], null],
    ]);
    expect(rows.find(({ name }) => name === 'head.W')?.note).toMatch(/AWQ ratio|smoothed|scaled/);
    expect(cosine(await answers(path), await answers(await written(original)))).toBeGreaterThan(
      least,
    );
  },
);

/**
 * What inputs tell a step does not depend on how they are scaled: nor does what the model computes.
 * Factors of `up.W` would: scales divide its outputs, of which some then count less.
 */
const UNDER_SCALES: readonly (readonly [string, readonly Step[]])[] = [
  ['zeros by Wanda', [byInputs('wanda', { pattern: '2:4', zeros: 'stored' })]],
  ['factors by SVD-LLM', [factors(6)]],
  ['zeros, then factors', [byInputs('wanda', { pattern: '2:4', zeros: 'stored' }), factors(9)]],
];

test.skipIf(judgeMissing !== undefined).each(UNDER_SCALES)(
  'scales before other steps, %s: the same answers as without scales',
  TIMEOUT,
  async (_, steps) => {
    const opened = await open(preNormNetwork());
    const plain = await answers((await compressed(opened, 'wasm', steps)).path);
    const { plan, path, rows } = await compressed(opened, 'wasm', [smooth, ...steps]);
    expect(plan.scalings.map(({ value }) => value)).toEqual(['h', 'inner', 'last']);
    expect(rows.find(({ name }) => name === 'head.W')?.note).toMatch(/^Inputs smoothed/);
    expect(cosine(await answers(path), plain)).toBeGreaterThan(0.9999999);
  },
);

test.skipIf(judgeMissing !== undefined).each<[string, Step]>([
  ['AWQ', awq({ bits: 4 })],
  ['smoothed rounding', rtn({ bits: 4 })],
])(
  'a residual beside codes under scales makes up for what rounding loses: %s',
  async (_, codes) => {
    const opened = await open(preNormNetwork());
    const before = [smooth].filter(() => codes.technique === 'rtn');
    const residual = byInputs('residual', { rank: 24, factors: 'int8' });
    const exact = await answers(await written(preNormNetwork()));
    const alone = await answers((await compressed(opened, 'wasm', [...before, codes])).path);
    const both = await compressed(opened, 'wasm', [...before, codes, residual]);
    expect(both.plan.scalings.length).toBe(3);
    const left = 1 - cosine(await answers(both.path), exact);
    expect(left).toBeLessThan(0.5 * (1 - cosine(alone, exact)));
  },
  TIMEOUT.timeout,
);

const SAMPLE = fileURLToPath(new URL('../../public/samples/sentiment-tiny', import.meta.url));

test.skipIf(judgeMissing !== undefined).each(RECIPES)(
  'sentiment-tiny: %s',
  TIMEOUT,
  async (_, target, steps, least) => {
    const original = join(SAMPLE, 'model.onnx');
    const opened = await open(await openAsBlob(original));
    const { plan, path } = await compressed(opened, target, steps);
    expect(plan.scalings.length).toBe(10);
    const ROWS = 100;
    const [own, before] = [
      await evaluate(SAMPLE, path, ROWS),
      await evaluate(SAMPLE, original, ROWS),
    ];
    const logits = (rows: typeof own.rows) => Float32Array.from(rows.flatMap((row) => row.logits));
    expect(cosine(logits(own.rows), logits(before.rows))).toBeGreaterThan(Math.min(least, 0.99));
    expect(before.accuracy - own.accuracy).toBeLessThan(least > 0.98 ? 0.03 : 0.08);
  },
);

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) =>
    x.reduce((sum, value, i) => sum + value * (y[i] ?? Number.NaN), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
