/** Plans of models with fewer tokens: what the step comes to, and what is said of it. */
import { openAsBlob } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openDataset } from '../dataset/dataset.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { findWeights } from '../model/find-weights.ts';
import { planRecipe } from '../plan/plan.ts';
import type { Recipe, Step } from '../recipe/recipe.ts';
import { summarizePlan } from './plan-summary.ts';
import { trimmedSession } from './trimmed-session.ts';

const SAMPLE = fileURLToPath(new URL('../../public/samples/sentiment-tiny/', import.meta.url));
const NAMES = ['model.onnx', 'config.json', 'tokenizer.json', 'test.csv', 'calibration.csv'];

const files = await Promise.all(
  NAMES.map(async (path) => ({ path, blob: await openAsBlob(SAMPLE + path) })),
);
const model = await openOnnx(files);
const dataset = await openDataset(files, model, { seed: 1 });
const session = { model, weights: findWeights(model), files, mapping: null };
const [table] = session.weights.filter(({ tensor }) => tensor.dims[0] === 8000);

async function planOf(...steps: Step[]) {
  const recipe: Recipe = {
    ...{ format: 'whittle-recipe', version: 1, name: 'trim', target: 'wasm', seed: 1 },
    steps,
  };
  const own = await trimmedSession(session, recipe, async () => dataset);
  const plan = planRecipe(own.session.model, own.session.weights, recipe);
  return own.shown(summarizePlan(plan, model.byteLength));
}

const trim: Step = { technique: 'vocabulary', options: {} };

test('a table that loses tokens is not left alone, and its step says from how many bytes to how many', async () => {
  const plan = await planOf(trim);
  const own = plan.weights.find(({ name }) => name === table?.name);
  expect(own).toMatchObject({
    ...{ step: 0, steps: [0], reason: null, bytesBefore: table?.tensor.byteLength },
    encodingLabel: expect.stringMatching(/^[\d,]+ tokens · fp32$/),
  });
  expect(plan.steps[0]).toEqual({
    ...{ weightCount: 1, bytesBefore: own?.bytesBefore, bytesAfter: own?.bytesAfter },
  });
  const counted = plan.leftAlone.reduce((sum, { weightCount }) => sum + weightCount, 0);
  expect(counted).toBe(plan.weights.filter(({ reason }) => reason !== null).length);
  const bytes = plan.leftAlone.reduce((sum, { byteLength }) => sum + byteLength, 0);
  expect(bytes + (own?.bytesAfter ?? 0)).toBeLessThanOrEqual(plan.byteLength);
});

test('a later step takes the table from there', async () => {
  const plan = await planOf(trim, {
    ...{ technique: 'rtn', where: { op: ['Gather'] }, options: { bits: 8, blockSize: 32 } },
  });
  const own = plan.weights.find(({ name }) => name === table?.name);
  expect(own).toMatchObject({ step: 1, steps: [0, 1], bytesBefore: table?.tensor.byteLength });
  expect(own?.bytesAfter).toBeLessThan((own?.bytesBefore ?? 0) / 4);
});

test('without the step nothing is trimmed or said', async () => {
  const plan = await planOf();
  expect(plan.byteLength).toBe(model.byteLength);
  expect(plan.warnings).toEqual([]);
});
