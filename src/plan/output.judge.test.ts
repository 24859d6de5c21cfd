/** Every encoding of the plan, quantized by the reference, loaded and scored by ONNX Runtime. */
import { mkdtempSync, openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkModel, evaluate, judgeMissing } from '../../e2e/support/judge.ts';
import type { TargetId } from '../catalog/targets.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { findWeights } from '../model/find-weights.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { planRecipe } from './plan.ts';
import { referenceOutput } from './testing/reference-output.ts';

const SAMPLE = fileURLToPath(new URL('../../public/samples/sentiment-tiny', import.meta.url));
const blob = await openAsBlob(join(SAMPLE, 'model.onnx'));
const model = await openOnnx([{ path: 'model.onnx', blob }]);
const weights = findWeights(model);
const scratch = mkdtempSync(join(tmpdir(), 'whittle-output-'));
const ROWS = 200;

const cases: [TargetId, number, number | 'channel', boolean, string][] = [
  ['webgpu', 4, 32, true, 'float16'],
  ['webgpu', 4, 64, false, 'float32'],
  ['webgpu', 8, 32, true, 'float16'],
  ['webgpu', 8, 128, false, 'float16'],
  ['webgpu', 2, 16, false, 'float16'],
  ['wasm', 4, 32, true, 'float16'],
  ['wasm', 4, 16, false, 'float32'],
  ['wasm', 8, 'channel', true, 'float16'],
  ['wasm', 8, 'channel', false, 'float16'],
  ['wasm', 8, 64, true, 'float16'],
  ['wasm', 8, 64, false, 'float32'],
  ['wasm', 4, 'channel', true, 'float16'],
  ['wasm', 2, 16, false, 'float16'],
];

test.skipIf(judgeMissing !== undefined).each(cases)(
  '%s, %i bit, block %s, symmetric %s, %s scales',
  async (target, bits, blockSize, symmetric, scaleType) => {
    const recipe: Recipe = {
      format: 'whittle-recipe',
      version: 1,
      name: 'case',
      target,
      seed: 1,
      steps: [{ technique: 'rtn', options: { bits, blockSize, symmetric, scaleType } }],
    };
    const plan = planRecipe(model, weights, recipe);
    expect(plan.planned.length).toBeGreaterThanOrEqual(13);
    const path = join(scratch, `${target}-${bits}-${blockSize}-${symmetric}.onnx`);
    await writeFile(path, await referenceOutput(model, plan));

    await checkModel(path);
    const { accuracy } = await evaluate(SAMPLE, path, ROWS);
    const { accuracy: original } = await evaluate(SAMPLE, join(SAMPLE, 'model.onnx'), ROWS);
    // Chance is 0.5. Two bits by rounding alone lose the answer, so there only loading is judged.
    if (bits > 2) expect(original - accuracy).toBeLessThan(bits === 8 ? 0.02 : 0.05);
  },
);
