/** Static 8-bit models with ranges of real rows, scored by ONNX Runtime. */
import { mkdtempSync, openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
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
import { judgedCalibrator } from './testing/judged-calibrator.ts';
import { recipeOf } from './testing/opened-sample.ts';
import { K, preNormNetwork } from './testing/pre-norm-network.ts';

const DIGITS = fileURLToPath(new URL('../../public/samples/digits', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'whittle-static-'));
const feeds = join(scratch, 'feeds.npz');
const executors = { acquire: async () => new CpuExecutor() };
const { signal } = new AbortController();
const CALIBRATION_ROWS = 48;
const ROWS = 300;

const step = (options: Step['options']): Step => ({ technique: 'int8-static', options });

const judgedOn = (rows: string) => async (model: Blob) => {
  const path = join(scratch, 'calibrated.onnx');
  await writeFile(path, new Uint8Array(await model.arrayBuffer()));
  return runModel(path, rows);
};

async function opened(): Promise<OpenModel> {
  const file = async (path: string) => ({ path, blob: await openAsBlob(join(DIGITS, path)) });
  const model = await openOnnx([await file('model.onnx')]);
  const rows = [await file('calibration.npz'), await file('test.npz')];
  return {
    model,
    weights: findWeights(model),
    dataset: await openDataset(rows, model, { seed: 1 }),
  };
}

async function compressed(target: TargetId, steps: readonly Step[]) {
  const open = await opened();
  const recipe = recipeOf(target, ...steps);
  const plan = planRecipe(open.model, open.weights, recipe);
  const made = await compress(open, recipe, {
    ...{ signal, executors, progress: () => {} },
    calibrator: judgedCalibrator(judgedOn(feeds)),
  });
  const bytes = new Uint8Array((await made.files[0]?.blob.arrayBuffer()) ?? []);
  expect(bytes.length).toBe(plan.byteLength);
  const path = join(scratch, 'static.onnx');
  await writeFile(path, bytes);
  await checkModel(path);
  return { path, made, plan };
}

describe.skipIf(judgeMissing !== undefined)('digits', () => {
  let original = 0;
  beforeAll(async () => {
    const { calibration } = (await opened()).dataset;
    const images: number[] = [];
    for (let row = 0; row < CALIBRATION_ROWS; row++) {
      const { image } = await calibration.feeds(row);
      images.push(...Array.from(image?.data ?? [], Number));
    }
    const dims = [CALIBRATION_ROWS, 1, 28, 28];
    await writeFile(feeds, zipSync({ 'image.npy': npy('<f4', dims, Float32Array.from(images)) }));
    original = (await evaluate(DIGITS, join(DIGITS, 'model.onnx'), ROWS)).accuracy;
  }, 120_000);

  test.each<[TargetId, string]>([
    ['wasm', 'minmax'],
    ['wasm', 'percentile'],
    ['wasm', 'entropy'],
    ['wasm', 'mse'],
    ['native', 'minmax'],
    ['portable', 'minmax'],
  ])('%s, %s: answers as the original does', async (target, range) => {
    const { path, made, plan } = await compressed(target, [step({ range })]);
    expect(made.partial).toBe(false);
    expect(plan.planned.length).toBeGreaterThanOrEqual(7);
    const { accuracy } = await evaluate(DIGITS, path, ROWS);
    expect(Math.abs(original - accuracy)).toBeLessThanOrEqual(0.01);
  });

  test('without rows the weights stay, and say why', async () => {
    const open = await opened();
    const recipe = recipeOf('wasm', step({}));
    const made = await compress(open, recipe, { signal, executors, progress: () => {} });
    expect(made.partial).toBe(true);
    expect(made.weights.find(({ failed }) => failed)?.reason).toBe(
      'Static int8 needs calibration rows: nothing runs the model here.',
    );
    expect(made.byteLength).toBe(open.model.byteLength);
  });

  test('WebGPU is refused with the reason', async () => {
    const open = await opened();
    const { planned, leftAlone } = planRecipe(
      open.model,
      open.weights,
      recipeOf('webgpu', step({})),
    );
    expect(planned).toEqual([]);
    expect(leftAlone.map(({ reason }) => reason).join()).toContain('WebGPU has no 8-bit products');
  });
});

test.skipIf(judgeMissing !== undefined).each<[string, readonly Step[], number]>([
  ['alone', [], 0.99],
  [
    'after SmoothQuant',
    [{ technique: 'smoothquant', options: {}, where: { minElements: 1 } }],
    0.995,
  ],
])(
  'a network with norms, products in 8 bits %s',
  { timeout: 120_000 },
  async (_, before, least) => {
    const network = preNormNetwork();
    const random = seededRandom(7);
    const given = join(scratch, 'x.npz');
    // One channel far stronger than the others, as in language models.
    const x = Float32Array.from(
      { length: 5 * K },
      (_, i) => random.normal() * (i % K === 3 ? 30 : 1),
    );
    await writeFile(given, zipSync({ 'x.npy': npy('<f4', [5, K], x) }));
    const model = await openOnnx([{ path: 'model.onnx', blob: new Blob([network]) }]);
    const dataset = await openDataset([], model, { seed: 1 });
    const open = { model, weights: findWeights(model), dataset };
    const steps = [...before, { ...step({}), where: { minElements: 1 } }];
    for (const target of ['wasm', 'portable'] as const) {
      const recipe = recipeOf(target, ...steps);
      const made = await compress(open, recipe, {
        ...{ signal, executors, progress: () => {} },
        calibrator: judgedCalibrator(judgedOn(given)),
      });
      expect(made.byteLength).toBe(planRecipe(model, open.weights, recipe).byteLength);
      const path = join(scratch, 'network.onnx');
      await writeFile(path, new Uint8Array((await made.files[0]?.blob.arrayBuffer()) ?? []));
      await checkModel(path);
      const original = join(scratch, 'original.onnx');
      await writeFile(original, network);
      const [own, wanted] = [await runModel(path, given), await runModel(original, given)];
      expect(cosine(own, wanted), target).toBeGreaterThan(least);
    }
  },
);

type Outputs = Awaited<ReturnType<typeof runModel>>;

function cosine(own: Outputs, wanted: Outputs): number {
  const values = ({ y }: Outputs) => new Float32Array(y?.bytes.buffer ?? []);
  const dot = (a: Float32Array, b: Float32Array) =>
    a.reduce((sum, value, i) => sum + value * (b[i] ?? Number.NaN), 0);
  const [a, b] = [values(own), values(wanted)];
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
