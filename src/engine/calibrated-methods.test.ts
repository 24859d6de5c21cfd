/** Methods that look at inputs, through plan and job to the file. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Compressed, CompressProgress } from '../bridge/compress-calls.ts';
import type { TargetId } from '../catalog/targets.ts';
import { readFloat32 } from '../formats/onnx/read-float32.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import { planRecipe } from '../plan/plan.ts';
import type { Step } from '../recipe/recipe.ts';
import { compress } from './compress.ts';
import type { OpenModel } from './models.ts';
import { correlatedCalibrator } from './testing/correlated-calibrator.ts';
import { openedModel, recipeOf } from './testing/opened-sample.ts';

const sample = (id: string) =>
  openedModel(new Blob([readFileSync(`public/samples/${id}/model.onnx`)]));
const digits = await sample('digits');
const sentiment = await sample('sentiment-tiny');
const executor = new CpuExecutor();
const executors = { acquire: async () => executor };
const { signal } = new AbortController();

async function run(open: OpenModel, target: TargetId, ...steps: readonly Step[]) {
  const recipe = recipeOf(target, ...steps);
  const plan = planRecipe(open.model, open.weights, recipe);
  const context = { signal, executors, calibrator: correlatedCalibrator, progress: () => {} };
  const compressed = await compress(open, recipe, context);
  expect(compressed.partial).toBe(false);
  expect(compressed.byteLength).toBe(plan.byteLength);
  expect((await bytesOf(compressed)).length).toBe(plan.byteLength);
  return { plan, compressed };
}

const bytesOf = async ({ files }: Compressed) =>
  new Uint8Array((await files[0]?.blob.arrayBuffer()) ?? []);
const rowsOf = ({ weights }: Compressed) => weights.filter(({ technique }) => technique !== null);

const step = (technique: Step['technique'], options: Step['options'] = {}): Step => ({
  ...{ technique, options },
});

test.each<[string, OpenModel, TargetId, Step]>([
  ['4-bit blocks', sentiment, 'wasm', step('gptq')],
  ['4-bit blocks with zero points', sentiment, 'webgpu', step('gptq', { symmetric: false })],
  ['8-bit columns', sentiment, 'wasm', step('gptq', { bits: 8, blockSize: 'channel' })],
  ['4 bits on any runtime', digits, 'portable', step('gptq', { actOrder: false })],
  ['2 bits', sentiment, 'native', step('gptq', { bits: 2, blockSize: 16 })],
])('GPTQ, %s: the file of rounding with other codes', async (_, open, target, gptq) => {
  const { compressed } = await run(open, target, gptq);
  const { actOrder, ...rest } = gptq.options;
  const plain = await run(open, target, step('rtn', rest));
  expect(compressed.byteLength).toBe(plain.compressed.byteLength);
  const notes = rowsOf(compressed).map(({ note = null, op }) => [op, note] as const);
  const seen = notes.filter(([, note]) => note?.startsWith('Layer error'));
  expect(seen.length).toBeGreaterThan(2);
  for (const [, note] of seen) {
    expect(Number(note?.match(/Layer error (\S+) ×/)?.[1])).toBeLessThan(1);
  }
  for (const [op, note] of notes) {
    if (op === 'Gather')
      expect(note).toBe('Calibrated by nothing: the inputs of Gather are not seen');
  }
  // Errors are counted against the weight, where rounding is the best that there is.
  for (const row of rowsOf(compressed)) {
    const other = plain.compressed.weights.find(({ name }) => name === row.name);
    expect(row.sqnrDb ?? 0).toBeLessThanOrEqual((other?.sqnrDb ?? 0) + 1e-3);
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

test.each<[string, Step]>([
  ['Wanda', step('wanda', { zeros: 'stored' })],
  ['Wanda 2:4', step('wanda', { pattern: '2:4', zeros: 'stored' })],
  ['SparseGPT', step('sparsegpt', { zeros: 'stored' })],
  ['SparseGPT 4:8', step('sparsegpt', { pattern: '4:8', zeros: 'stored' })],
])('%s: as many zeros as asked for, and the errors of the file', async (_, prune) => {
  const { plan, compressed } = await run(digits, 'wasm', prune);
  const read = await writtenWeights(compressed);
  expect(plan.planned.length).toBeGreaterThan(2);
  for (const { weight, view } of plan.planned) {
    const [values, original] = [
      await read(weight.name),
      await readFloat32(digits.model, weight.tensor),
    ];
    const zeros = values.filter((value) => value === 0).length;
    const share = zeros / values.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(3 / view.inputs.axisLength);
    let [squares, errors] = [0, 0];
    original.forEach((value, i) => {
      squares += value ** 2;
      errors += (value - (values[i] ?? 0)) ** 2;
    });
    const row = compressed.weights.find(({ name }) => name === weight.name);
    expect(row?.sqnrDb).toBeCloseTo(10 * Math.log10(squares / errors), 3);
    expect(row?.note).toMatch(/magnitude/);
  }
});

test('zeros are left out of the file, whoever chose them, and stay through GPTQ', async () => {
  for (const prune of [step('wanda', { sparsity: 0.75 }), step('sparsegpt', { sparsity: 0.75 })]) {
    const alone = await run(sentiment, 'wasm', prune);
    expect(alone.plan.planned.some(({ prune: it }) => it?.stored === null)).toBe(true);
    const both = await run(
      sentiment,
      'wasm',
      prune,
      step('gptq', { bits: 8, blockSize: 'channel' }),
    );
    expect(both.plan.planned.some(({ prune: it }) => it?.stored === null)).toBe(true);
    expect(both.compressed.byteLength).toBeLessThan(alone.compressed.byteLength);
    const notes = rowsOf(both.compressed).map(({ note }) => note ?? '');
    expect(notes.some((note) => note.includes('magnitude') && note.includes('rounding'))).toBe(
      true,
    );
  }
});

test('SparseGPT before factors and 16 bits', async () => {
  const svd = step('svd', { by: 'rank', rank: 4 });
  const { compressed } = await run(digits, 'wasm', step('sparsegpt'), svd, step('fp16'));
  expect(rowsOf(compressed).length).toBeGreaterThan(2);
});

test('palettes weighed by inputs: the bytes of others, other values, and unseen inputs are named', async () => {
  const options = { bits: 3, channels: 4 };
  const own = await run(sentiment, 'wasm', step('palettize', { ...options, byInputs: true }));
  const plain = await run(sentiment, 'wasm', step('palettize', options));
  expect(own.compressed.byteLength).toBe(plain.compressed.byteLength);
  const before = new Map(rowsOf(plain.compressed).map(({ name, sqnrDb }) => [name, sqnrDb]));
  const seen = rowsOf(own.compressed).filter(({ op }) => op !== 'Gather');
  expect(seen.length).toBeGreaterThan(2);
  for (const { name, sqnrDb } of seen) expect(sqnrDb).toBeLessThan(before.get(name) ?? 0);
  for (const { op, note, name, sqnrDb } of rowsOf(own.compressed)) {
    if (op !== 'Gather') continue;
    expect(note).toBe('Calibrated by nothing: the inputs of Gather are not seen');
    expect(sqnrDb).toBe(before.get(name));
  }
});

test('a second run gives the same file', async () => {
  const recipe = [step('sparsegpt', { pattern: '2:4' }), step('gptq')];
  const [first, second] = [
    await run(digits, 'wasm', ...recipe),
    await run(digits, 'wasm', ...recipe),
  ];
  expect(await bytesOf(second.compressed)).toEqual(await bytesOf(first.compressed));
});

test('cutting units: layers are told of one by one, and another score cuts others', async () => {
  const made: Uint8Array[] = [];
  for (const score of ['loss', 'wanda']) {
    const recipe = recipeOf('wasm', step('cut-neurons', { score }));
    const told: CompressProgress[] = [];
    const progress = (it: CompressProgress) => told.push(it);
    const context = { signal, executors, calibrator: correlatedCalibrator, progress };
    made.push(await bytesOf(await compress(sentiment, recipe, context)));
    const layers = told.filter(({ stage }) => stage === 'reshape');
    const last = layers.at(-1);
    expect(last?.done).toBe(last?.total);
    expect(last?.remainingMs).toBeCloseTo(0, 3);
    expect(layers.length).toBeGreaterThanOrEqual(last?.total ?? 1);
  }
  expect(made[0]?.length).toBe(made[1]?.length);
  expect(made[0]).not.toEqual(made[1]);
});
