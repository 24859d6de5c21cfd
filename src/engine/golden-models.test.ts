/** Every golden model under recipes of every stage, on the CPU executor: operators, views, bodies. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TARGETS, type TargetId } from '../catalog/targets.ts';
import { openDataset } from '../dataset/dataset.ts';
import { readFloat32 } from '../formats/onnx/read-float32.ts';
import { GOLDEN_FOLDER, openGolden } from '../formats/onnx/testing/golden.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import { findWeights } from '../model/find-weights.ts';
import { planRecipe } from '../plan/plan.ts';
import { outputOf, referencePayloads } from '../plan/testing/reference-output.ts';
import type { Step } from '../recipe/recipe.ts';
import { compress } from './compress.ts';
import { recipeOf } from './testing/opened-sample.ts';

const NAMES = readdirSync(GOLDEN_FOLDER)
  .filter((file) => file.endsWith('.onnx'))
  .map((file) => file.slice(0, -'.onnx'.length));

const where = { minElements: 1 };
const step = (technique: Step['technique'], options: Step['options']): Step => ({
  ...{ technique, where, options },
});
const RECIPES: Readonly<Record<string, readonly Step[]>> = {
  int8: [step('rtn', { bits: 8, blockSize: 'channel' })],
  'int4, clipped': [step('rtn', { bits: 4, blockSize: 32, symmetric: false, clip: true })],
  fp16: [step('fp16', {})],
  '2:4 and int8': [step('magnitude', { pattern: '2:4' }), step('rtn', { bits: 8 })],
  'pruned over all': [step('magnitude', { sparsity: 0.4, scope: 'global' })],
};
const LOW_RANK = [step('svd', { by: 'energy', energy: 0.9 }), step('rtn', { bits: 8 })];

const executors = { acquire: async () => new CpuExecutor() };
const signal = new AbortController().signal;
let weightsDone = 0;

async function opened(name: string) {
  const model = await openGolden(name, (path) => readFileSync(path));
  const dataset = await openDataset([], model, { seed: 1 });
  return { model, weights: findWeights(model), dataset };
}

/** Of what the file stores, against the original. */
function errorsOf(original: Float32Array, stored: Float32Array = new Float32Array(0)) {
  let [squares, errors, worst] = [0, 0, 0];
  for (const [i, w] of original.entries()) {
    const error = w - (stored[i] ?? Number.NaN);
    squares += w * w;
    errors += error * error;
    worst = Math.max(worst, Math.abs(error));
  }
  const sqnrDb = errors === 0 ? Infinity : 10 * Math.log10(squares / errors);
  return { sqnrDb, maxAbsError: worst };
}

test.each(NAMES)('%s', async (name) => {
  const open = await opened(name);
  for (const target of Object.keys(TARGETS) as TargetId[]) {
    for (const [label, steps] of Object.entries(RECIPES)) {
      const recipe = recipeOf(target, ...steps);
      const plan = planRecipe(open.model, open.weights, recipe);
      const { files, partial, byteLength, weights } = await compress(open, recipe, {
        ...{ signal, executors, progress: () => {} },
      });
      if (partial) continue; // it fails by itself, as the tests of failures show
      weightsDone += weights.filter(({ technique }) => technique !== null).length;
      expect(byteLength, `${label} on ${target}`).toBe(plan.byteLength);
      const own = new Uint8Array((await files[0]?.blob.arrayBuffer()) ?? []);
      const { payloads, restored } = await referencePayloads(open.model, plan);
      const wanted = await outputOf(open.model, plan, payloads);
      expect(own, `${label} on ${target}`).toEqual(wanted);
      for (const { weight } of plan.planned) {
        const row = weights.find((it) => it.name === weight.name);
        const original = await readFloat32(open.model, weight.tensor);
        const { sqnrDb, maxAbsError } = errorsOf(original, restored.get(weight.name));
        expect(row?.maxAbsError).toBeCloseTo(maxAbsError, 6);
        if (Number.isFinite(sqnrDb)) expect(row?.sqnrDb).toBeCloseTo(sqnrDb, 2);
        else expect(row?.sqnrDb).toBe(sqnrDb);
      }
    }
    const { files, byteLength } = await compress(open, recipeOf(target, ...LOW_RANK), {
      ...{ signal, executors, progress: () => {} },
    });
    expect(files.reduce((sum, { blob }) => sum + blob.size, 0)).toBe(byteLength);
  }
});

test('the models had weights to do', () => {
  expect(weightsDone).toBeGreaterThan(500);
});
