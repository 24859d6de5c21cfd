/** Sessions that a job opens to calibrate end with it, however it ends: counted, on a made-up runtime. */
import { readFileSync } from 'node:fs';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Session } from '../bench/session.ts';
import { StudioError } from '../core/studio-error.ts';
import { openDataset } from '../dataset/dataset.ts';
import type { Feeds } from '../dataset/rows.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import { findWeights } from '../model/find-weights.ts';
import { graphsOf } from '../model/graphs.ts';
import { viewAsMatrix } from '../plan/matrix-view.ts';
import { inputsOfWeight } from '../plan/weight-inputs.ts';
import type { Step } from '../recipe/recipe.ts';
import { analyseRecipe } from './analyse-recipe.ts';
import { compress } from './compress.ts';
import type { OpenModel } from './models.ts';
import { originalOf } from './original.ts';
import { runtimeCalibrator } from './runtime-calibrator.ts';
import { openedModel, recipeOf } from './testing/opened-sample.ts';
import { preNormNetwork } from './testing/pre-norm-network.ts';

const runtime = vi.hoisted(() => ({
  opened: 0,
  released: 0,
  /** What the run of this number does instead of answering. */
  fails: null as { run: number; by: () => never } | null,
  runs: 0,
  /** Width of each value that is asked for. */
  widths: new Map<string, number>(),
}));

vi.mock('../bench/session.ts', () => ({
  createSession: async (): Promise<Pick<Session, 'run' | 'release'>> => {
    runtime.opened += 1;
    return {
      run: async (feeds: Feeds) => {
        runtime.runs += 1;
        if (runtime.fails?.run === runtime.runs) runtime.fails.by();
        const sum = feeds['h'];
        const known = [...runtime.widths].map(([name, K]) => {
          const data = Float32Array.from({ length: 2 * K }, (_, i) => Math.cos(i * runtime.runs));
          return [name, { dtype: 'float32' as const, dims: [1, 2, K], data }] as const;
        });
        return sum ? { y: sum } : Object.fromEntries(known);
      },
      release: async () => {
        runtime.released += 1;
      },
    };
  },
}));

beforeEach(() => {
  Object.assign(runtime, { opened: 0, released: 0, runs: 0, fails: null });
});

const FOLDER = 'public/samples/sentiment-tiny';
const sentiment = async (): Promise<OpenModel> => {
  const names = ['model.onnx', 'tokenizer.json', 'calibration.csv', 'test.csv', 'config.json'];
  const files = names.map((path) => ({
    path,
    blob: new Blob([readFileSync(`${FOLDER}/${path}`)]),
  }));
  const model = await openOnnx(files);
  const dataset = await openDataset(files, model, { seed: 1 });
  return { model, weights: findWeights(model), dataset };
};
/** Without rows of its own, so that made-up ones are tried first. */
const small = () => openedModel(new Blob([preNormNetwork()]));

function widthsOf({ model, weights }: OpenModel): Map<string, number> {
  const graphs = graphsOf(model);
  const widths = new Map<string, number>();
  for (const weight of weights) {
    const viewed = viewAsMatrix(weight, graphs);
    if ('reason' in viewed) continue;
    const inputs = inputsOfWeight(weight, viewed.view, graphs);
    for (const { value } of 'sources' in inputs ? inputs.sources : []) {
      widths.set(value, viewed.view.K);
    }
  }
  return widths;
}

const where = { minElements: 1, op: ['MatMul', 'Gemm'] } as const;
const wanda: Step = { technique: 'wanda', options: {}, where };
const asvd: Step = { technique: 'asvd', options: { by: 'energy', energy: 0.5 }, where };
const cut: Step = { technique: 'cut-neurons', options: { score: 'wanda' } };
const trim: Step = { technique: 'vocabulary', options: {} };

const CASES: readonly (readonly [string, () => Promise<OpenModel>, readonly Step[]])[] = [
  ['made-up rows', small, [wanda]],
  ['texts', sentiment, [wanda]],
  ['a trimmed vocabulary', sentiment, [trim, wanda]],
  ['cut neurons', sentiment, [cut]],
];

async function job(open: () => Promise<OpenModel>, steps: readonly Step[], signal: AbortSignal) {
  const opened = await open();
  runtime.widths = widthsOf(opened);
  const executors = { acquire: async () => new CpuExecutor() };
  const context = { signal, executors, calibrator: runtimeCalibrator, progress: () => {} };
  const analysed = steps.includes(asvd);
  const recipe = recipeOf('wasm', ...steps);
  await (analysed ? analyseRecipe : compress)(opened, recipe, context);
}

const balance = () => ({ opened: runtime.opened > 0, left: runtime.opened - runtime.released });
const NOTHING_LEFT = { opened: true, left: 0 };

test.each(CASES)('%s: nothing is left open once it is done', async (_, open, steps) => {
  await job(open, steps, new AbortController().signal);
  expect(balance()).toEqual(NOTHING_LEFT);
});

test.each(CASES)('%s: nothing is left open of a pass that fails', async (_, open, steps) => {
  const failure = new StudioError('runtime-failed', 'The runtime could not run a row.');
  runtime.fails = {
    run: 4,
    by: () => {
      throw failure;
    },
  };
  await expect(job(open, steps, new AbortController().signal)).rejects.toBe(failure);
  expect(balance()).toEqual(NOTHING_LEFT);
});

test.each(CASES)('%s: nothing is left open of a pass that is cancelled', async (_, open, steps) => {
  const controller = new AbortController();
  for (const run of [1, 4]) {
    Object.assign(runtime, { runs: 0 });
    runtime.fails = {
      run,
      by: () => {
        controller.abort();
        return undefined as never;
      },
    };
    await expect(job(open, steps, controller.signal)).rejects.toThrow(/abort/i);
    expect(balance()).toEqual(NOTHING_LEFT);
  }
});

test('an analysis leaves nothing open', async () => {
  await job(small, [asvd], new AbortController().signal);
  expect(balance()).toEqual(NOTHING_LEFT);
});

test('a session that measuring has opened stays', async () => {
  const open = await small();
  await originalOf(open).session('wasm');
  const { signal } = new AbortController();
  expect(await runtimeCalibrator.rows(open, signal)).toHaveProperty('rows');
  expect(originalOf(open).isOpen('wasm')).toBe(true);
  await originalOf(open).release();
  expect(balance()).toEqual(NOTHING_LEFT);
});
