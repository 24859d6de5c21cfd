/** Steps that look at calibration rows, by the runtime and the device of the page. */
import { afterAll, expect, test, vi } from 'vitest';
import type { Outputs } from '../bench/outputs.ts';
import { createSession } from '../bench/session.ts';
import type { TargetId } from '../catalog/targets.ts';
import { openDevice } from '../gpu/open-device.ts';
import type { Step } from '../recipe/recipe.ts';
import { compress } from './compress.ts';
import type { OpenModel } from './models.ts';
import { runtimeCalibrator } from './runtime-calibrator.ts';
import { executorsOn } from './testing/executors-on.ts';
import { openedModel, recipeOf, sampleModel } from './testing/opened-sample.ts';

vi.setConfig({ testTimeout: 180_000 });

const gpu = await openDevice();
const executors = executorsOn(gpu);
afterAll(() => gpu[Symbol.dispose]());
const { signal } = new AbortController();

const sentiment = await openedModel(await sampleModel('sentiment-tiny'));
const digits = await openedModel(await sampleModel('digits'));

const products = { op: ['MatMul', 'Gemm'] };
const large = { ...products, minElements: 65_536 };
const awq: Step = { technique: 'awq', where: large, options: { bits: 4, rows: 8 } };
const smooth: Step = { technique: 'smoothquant', where: products, options: { rows: 8 } };
const fixed = (range: string): Step => ({
  ...{ technique: 'int8-static', options: { range, rows: 8 } },
});

const CASES: readonly (readonly [string, OpenModel, TargetId, readonly Step[], number])[] = [
  ['AWQ', sentiment, 'wasm', [awq], 0.95],
  ['SmoothQuant, static int8', sentiment, 'wasm', [smooth, fixed('minmax')], 0.95],
  ['static int8 by percentile', digits, 'wasm', [fixed('percentile')], 0.99],
  ['static int8 by squared error', digits, 'portable', [fixed('mse')], 0.99],
];

test.each(CASES)('%s: nearly what the original gives', async (_, open, target, steps, least) => {
  const recipe = recipeOf(target, ...steps);
  const made = await compress(open, recipe, {
    ...{ signal, executors, calibrator: runtimeCalibrator },
    progress: () => {},
  });
  expect(made.partial).toBe(false);
  expect(made.phases.map(({ name }) => name)).toContain('calibrate');
  const file = made.files[0]?.blob;
  if (!file) throw new Error('a run has a file');
  const source = open.model.files[0]?.blob;
  if (!source) throw new Error('the sample is a file');
  const feeds = await open.dataset.calibration.feeds(0);
  const [before, after] = [await createSession(source, 'wasm'), await createSession(file, 'wasm')];
  const cosine = cosineOf(await before.run(feeds), await after.run(feeds));
  await before.release();
  await after.release();
  expect(cosine).toBeGreaterThan(least);
});

function cosineOf({ logits: a }: Outputs, { logits: b }: Outputs): number {
  const [x, y] = [Array.from(a?.data ?? [], Number), Array.from(b?.data ?? [], Number)];
  const dot = (p: readonly number[], q: readonly number[]) =>
    p.reduce((sum, value, i) => sum + value * (q[i] ?? Number.NaN), 0);
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}
