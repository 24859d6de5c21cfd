/** Layers that share what goes, tried alone on a runtime that only one of them matters to. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CompressProgress } from '../bridge/compress-calls.ts';
import { elementCount } from '../core/shape.ts';
import type { OnnxModel } from '../formats/onnx/onnx-model.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import { planRecipe } from '../plan/plan.ts';
import type { Step } from '../recipe/recipe.ts';
import { analyseRecipe } from './analyse-recipe.ts';
import type { Calibrator } from './calibration.ts';
import { compress } from './compress.ts';
import { correlatedCalibrator } from './testing/correlated-calibrator.ts';
import { openedModel, recipeOf } from './testing/opened-sample.ts';

const file = new Blob([readFileSync('public/samples/sentiment-tiny/model.onnx')]);
const open = await openedModel(file);
const executors = { acquire: async () => new CpuExecutor() };
const { signal } = new AbortController();
const share = (options: Step['options'] = {}): Step => ({
  technique: 'cut-neurons',
  options: { share: 0.5, scope: 'global', ...options },
});
const int4: Step = { technique: 'rtn', options: { bits: 4, blockSize: 32 } };
const DOWN = open.weights.filter(({ label }) => /\d\.output\.dense$/.test(label));
const widthsOf = ({ graph }: Pick<OnnxModel, 'graph'>) =>
  DOWN.map(({ tensor }) => graph.tensors.get(tensor.name)?.dims[0] ?? 0);
const [whole = 0] = widthsOf(open.model);

/** What is cut in `layer` moves the answers much more than what is cut in the others. */
const calibratorOf = (layer: number, tried: OnnxModel[] = []): Calibrator => ({
  ...correlatedCalibrator,
  divergence: async (_, changed, { count }, { onRow }) => {
    tried.push(changed);
    onRow(count, count);
    return { value: (widthsOf(changed)[layer] ?? 0) < whole ? 1 : 0.01, measure: 'kl' };
  },
});

const contextOf = (calibrator: Calibrator, told: CompressProgress[] = []) => ({
  ...{ signal, executors, calibrator, progress: (it: CompressProgress) => void told.push(it) },
});

test('each layer is cut alone, and the one that the answers need keeps most', async () => {
  const tried: OnnxModel[] = [];
  const told: CompressProgress[] = [];
  const recipe = recipeOf('wasm', share());
  const bound = planRecipe(open.model, open.weights, recipe);
  expect(bound.exact).toBe(false);
  const found = await analyseRecipe(open, recipe, contextOf(calibratorOf(1, tried), told));
  expect(tried.map(widthsOf)).toEqual(
    DOWN.map((_, layer) => DOWN.map((__, at) => (at === layer ? whole / 2 : whole))),
  );
  const widths = DOWN.map(({ name }) => new Map(found.cutDims).get(name)?.[0] ?? 0);
  const others = widths.filter((_, layer) => layer !== 1);
  expect(widths[1]).toBeGreaterThan(whole / 2);
  expect(Math.max(...others)).toBeLessThan(whole / 2);
  expect(widths.reduce((sum, width) => sum + width)).toBe((DOWN.length * whole) / 2);
  expect(told.every(({ stage }) => stage === 'reshape')).toBe(true);

  const plan = planRecipe(open.model, open.weights, recipe, { cutDims: new Map(found.cutDims) });
  expect(plan.exact).toBe(true);
  expect(plan.byteLength).toBeLessThanOrEqual(bound.byteLength);
  tried.length = 0; // nothing is tried again, whatever happens to what stays
  const done = await compress(open, recipe, contextOf(calibratorOf(1, tried)));
  expect(done.byteLength).toBe(plan.byteLength);
  const rounded = recipeOf('wasm', share(), int4);
  const small = await compress(open, rounded, contextOf(calibratorOf(1, tried)));
  expect(small.byteLength).toBeLessThan(done.byteLength / 2);
  expect(tried).toEqual([]);
  const row = done.weights.find(({ name }) => name === DOWN[1]?.name);
  expect(row?.note).toContain(`Keeps ${widths[1]} of ${whole} units: ${whole / 2} fewer`);
  expect(row?.note).toContain('move the answers by KL 1.00');
});

test('with quantized blocks, beside a step that cuts each layer alike', async () => {
  const heads: Step = { technique: 'cut-heads', options: { share: 0.5 } };
  const recipe = recipeOf('wasm', share({ share: 0.4 }), heads, int4);
  const bound = planRecipe(open.model, open.weights, recipe);
  const done = await compress(open, recipe, contextOf(calibratorOf(0)));
  expect(done.byteLength).toBeLessThanOrEqual(bound.byteLength);
  expect(done.weights.filter(({ failed }) => failed)).toEqual([]);
});

test('without rows every layer loses its share, and it is said', async () => {
  const recipe = recipeOf('wasm', share());
  const without = { ...correlatedCalibrator, rows: async () => ({ reason: 'there are none' }) };
  const done = await compress(open, recipe, contextOf(without));
  const each = recipeOf('wasm', share({ scope: 'layer' }));
  expect(done.byteLength).toBe(planRecipe(open.model, open.weights, each).byteLength);
  const row = done.weights.find(({ name }) => name === DOWN[0]?.name);
  expect(row?.note).toContain('Loses the share of each layer: there are none');
});

test('answers that a cut breaks count as the dearest', async () => {
  const broken: Calibrator = {
    ...correlatedCalibrator,
    divergence: async (_, changed) => ({
      value: (widthsOf(changed)[0] ?? 0) < whole ? Number.NaN : 0.01,
      measure: 'error',
    }),
  };
  const anew = await openedModel(file);
  const recipe = recipeOf('wasm', share());
  const found = await analyseRecipe(anew, recipe, contextOf(broken));
  const dims = new Map(found.cutDims);
  const elements = DOWN.map(({ name }) => elementCount(dims.get(name) ?? []));
  expect(elements[0]).toBe(Math.max(...elements));
  const done = await compress(anew, recipe, contextOf(broken));
  const row = done.weights.find(({ name }) => name === DOWN[0]?.name);
  expect(row?.note ?? '').toContain('fewer in this layer alone break the answers');
});

test('a cancel between layers ends it', async () => {
  const controller = new AbortController();
  const cancelling: Calibrator = {
    ...correlatedCalibrator,
    divergence: async () => {
      controller.abort();
      return { value: 1, measure: 'kl' };
    },
  };
  const context = { ...contextOf(cancelling), signal: controller.signal };
  const anew = await openedModel(file);
  await expect(compress(anew, recipeOf('wasm', share()), context)).rejects.toMatchObject({
    name: 'AbortError',
  });
});
