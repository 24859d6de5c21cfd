/** Models that are cut and then compressed, by the whole job: planned bytes, checked, run. */
import { mkdtempSync, openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkModel, evaluate, judgeMissing } from '../../e2e/support/judge.ts';
import type { TargetId } from '../catalog/targets.ts';
import { openDataset } from '../dataset/dataset.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import { findWeights } from '../model/find-weights.ts';
import { planRecipe } from '../plan/plan.ts';
import type { Step } from '../recipe/recipe.ts';
import { compress } from './compress.ts';
import { madeUpCalibrator } from './testing/made-up-calibrator.ts';
import { recipeOf } from './testing/opened-sample.ts';

const SAMPLES = fileURLToPath(new URL('../../public/samples', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'whittle-cut-'));

const step = (technique: Step['technique'], options: Step['options'] = {}): Step => ({
  ...{ technique, options },
});
const PRODUCTS = { op: ['MatMul', 'Gemm'] };
const TEXT = [step('cut-heads', { share: 0.5 }), step('cut-neurons', { share: 0.25 })];
const PICTURE = [step('cut-channels', { share: 0.25 }), step('cut-neurons', { share: 0.25 })];

const CASES: readonly (readonly [string, string, TargetId, readonly Step[]])[] = [
  ['nothing else', 'sentiment-tiny', 'wasm', TEXT],
  ['4 bits', 'sentiment-tiny', 'webgpu', [...TEXT, step('rtn', { bits: 4, blockSize: 32 })]],
  ['4 bits in a newer opset', 'sentiment-tiny', 'portable', [...TEXT, step('rtn', { bits: 4 })]],
  ['AWQ', 'sentiment-tiny', 'wasm', [...TEXT, { ...step('awq'), where: PRODUCTS }]],
  [
    'SmoothQuant and 8 bits',
    'sentiment-tiny',
    'wasm',
    [...TEXT, step('smoothquant'), step('rtn', { bits: 8, blockSize: 'channel' })],
  ],
  [
    'pruning and low rank',
    'sentiment-tiny',
    'wasm',
    [...TEXT, step('magnitude', { pattern: '2:4' }), step('svd', { by: 'budget', budget: 0.5 })],
  ],
  ['fp16', 'digits', 'wasm', [...PICTURE, step('fp16')]],
  ['8 bits', 'digits', 'wasm', [...PICTURE, step('rtn', { bits: 8, blockSize: 'channel' })]],
];

test.skipIf(judgeMissing !== undefined).each(CASES)(
  'cut, and %s: %s for %s',
  { timeout: 120_000 },
  async (_, name, target, steps) => {
    const folder = join(SAMPLES, name);
    const blob = await openAsBlob(join(folder, 'model.onnx'));
    const model = await openOnnx([{ path: 'model.onnx', blob }]);
    const weights = findWeights(model);
    const open = { model, weights, dataset: await openDataset([], model, { seed: 1 }) };
    const recipe = recipeOf(target, ...steps);
    const made = await compress(open, recipe, {
      signal: new AbortController().signal,
      executors: { acquire: async () => new CpuExecutor() },
      progress: () => {},
      calibrator: madeUpCalibrator(3),
    });
    const plan = planRecipe(model, weights, recipe);
    const path = join(scratch, `${name}.onnx`);
    const bytes = new Uint8Array((await made.files[0]?.blob.arrayBuffer()) ?? []);
    expect(made.partial).toBe(false);
    expect(bytes.length).toBe(plan.byteLength);
    await writeFile(path, bytes);
    await checkModel(path);
    const { rows } = await evaluate(folder, path, 10);
    expect(rows.every(({ logits }) => logits.every(Number.isFinite))).toBe(true);
    for (const [tensor, { dims }] of plan.structure?.tensors ?? []) {
      const found = made.weights.find((row) => row.name === tensor);
      expect(found?.dims).toEqual(dims);
    }
  },
);
