/** Factors and residuals that look at a layer's inputs, through a whole compression. */
import { expect, test } from 'vitest';
import type { Wanted } from '../bench/calibrate.ts';
import { assert } from '../core/assert.ts';
import { seededRandom } from '../core/random.ts';
import { payloadReader, readStoredWeight } from '../desk/stored-weight.ts';
import { readFloat32 } from '../formats/onnx/read-float32.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import type { InputStatistics } from '../model/statistics.ts';
import { planRecipe } from '../plan/plan.ts';
import { SMALL_GRAPHS, smallModel } from '../plan/testing/small-graphs.ts';
import type { Step } from '../recipe/recipe.ts';
import { gramOf, relativeOutputError } from '../reference/testing/output-error.ts';
import { ranksFound } from '../report/weight-values.ts';
import type { Calibrator } from './calibration.ts';
import { compress } from './compress.ts';
import { NO_DIVERGENCE } from './testing/no-divergence.ts';
import { openedModel, recipeOf } from './testing/opened-sample.ts';

const executors = { acquire: async () => new CpuExecutor() };
const { signal } = new AbortController();
const graph = SMALL_GRAPHS['MatMul'];
assert(graph, 'a product');
const opened = await openedModel(new Blob([smallModel(graph).bytes]));
const COUNT = 500;

/** Inputs that differ much in size and go together. */
function statisticsFor(K: number, count = COUNT): InputStatistics {
  const random = seededRandom(K);
  const x = new Float32Array(count * K);
  for (let row = 0; row < count; row++) {
    const common = random.normal();
    for (let k = 0; k < K; k++) {
      x[row * K + k] = (common + random.normal()) * (k % 17 === 0 ? 8 : 1 / (1 + (k % 5)));
    }
  }
  const sums = (of: (value: number) => number) =>
    Float64Array.from({ length: K }, (_, k) => {
      let sum = 0;
      for (let row = 0; row < count; row++) sum += of(x[row * K + k] ?? 0);
      return sum;
    });
  return {
    ...{ K, count, rows: count, min: new Float32Array(K), max: new Float32Array(K) },
    ...{ sum: sums((v) => v), sumAbs: sums(Math.abs), sumSquares: sums((v) => v * v) },
    gram: new Float32Array(gramOf(x, count, K)),
  };
}

/** Gives made-up inputs in place of those of the runtime. */
const calibratorOf = (make: (K: number) => InputStatistics): Calibrator => ({
  rows: async () => ({ rows: { count: COUNT, feeds: async () => ({}) } as never }),
  divergence: NO_DIVERGENCE,
  pass: async (_: unknown, wanted: readonly Wanted[]) => wanted.map(({ K }) => make(K)),
});

/** The layer's own error of the weight in the file, and its row of the report. */
async function outcomeOf(steps: readonly Step[], calibrator?: Calibrator) {
  const recipe = recipeOf('wasm', ...steps);
  const compressed = await compress(opened, recipe, {
    ...{ signal, executors, progress: () => {} },
    ...(calibrator && { calibrator }),
  });
  const ranks = new Map(
    opened.weights.map(({ name }): [string, number] => {
      const row = compressed.weights.find((it) => it.name === name);
      return [name, Number(/rank (\d+)/.exec(row?.encoding ?? '')?.[1] ?? 0)];
    }),
  );
  const plan = planRecipe(opened.model, opened.weights, recipe, { ranks });
  expect(compressed.byteLength).toBe(plan.byteLength);
  expect(compressed.files.reduce((sum, { blob }) => sum + blob.size, 0)).toBe(plan.byteLength);
  const [item] = plan.planned;
  const [row] = compressed.weights;
  assert(item && row, 'the weight is compressed');
  const stored = await readStoredWeight(item, payloadReader(plan, compressed.files), signal);
  const w = await readFloat32(opened.model, item.weight.tensor);
  const { K, N, transposed } = item.view;
  const inRows = (values: Float32Array) =>
    transposed
      ? values
      : values.map((_, at) => values[(at % K) * N + Math.floor(at / K)] ?? Number.NaN);
  const gram = new Float64Array(statisticsFor(K).gram ?? []);
  return { error: relativeOutputError(inRows(w), inRows(stored.values), gram, N, K), row };
}

const byRank = (technique: Step['technique']): Step => ({
  technique,
  options: { by: 'rank', rank: 8 },
});
const int4: Step = { technique: 'rtn', options: { bits: 4, blockSize: 32, compute: 'exact' } };
const residual = (options: Step['options']): Step => ({ technique: 'residual', options });
const seen = calibratorOf((K) => statisticsFor(K));

test('at one rank SVD-LLM errs less than ASVD, and ASVD less than SVD', async () => {
  const plain = await outcomeOf([byRank('svd')]);
  const asvd = await outcomeOf([byRank('asvd')], seen);
  const whitened = await outcomeOf([byRank('svd-llm')], seen);
  expect(asvd.error).toBeLessThan(plain.error);
  expect(whitened.error).toBeLessThan(asvd.error);
  expect(whitened.row).toMatchObject({ technique: 'svd-llm' });
  expect(whitened.row.note).toBeUndefined();
});

test('a kernel is split the way that errs less with as many values, and found once', async () => {
  const conv = SMALL_GRAPHS['Conv 3×3'];
  assert(conv, 'a convolution');
  const own = await openedModel(new Blob([smallModel(conv).bytes]));
  const sizeOf = async (kernels: string) => {
    const step: Step = { technique: 'svd', options: { by: 'budget', budget: 0.6, kernels } };
    const recipe = recipeOf('wasm', step);
    const { weights, byteLength, files } = await compress(own, recipe, {
      ...{ signal, executors, progress: () => {} },
    });
    const row = weights.find(({ op }) => op === 'Conv');
    const plan = planRecipe(own.model, own.weights, recipe, {
      ranks: new Map(ranksFound(weights)),
    });
    expect(plan.exact).toBe(true);
    expect(byteLength).toBe(plan.byteLength);
    const [item] = plan.planned;
    assert(row && item, 'the kernel is factorized');
    const stored = await readStoredWeight(item, payloadReader(plan, files), signal);
    const w = await readFloat32(own.model, item.weight.tensor);
    const rest = w.reduce((sum, value, at) => sum + (value - (stored.values[at] ?? 0)) ** 2, 0);
    const all = w.reduce((sum, value) => sum + value * value, 0);
    expect(10 * Math.log10(all / rest)).toBeCloseTo(row.sqnrDb ?? Number.NaN, 3);
    return row;
  };
  const channel = await sizeOf('channel');
  const spatial = await sizeOf('spatial');
  const better = await sizeOf('better');
  expect(spatial.encoding).toMatch(/spatial rank \d+$/);
  expect(channel.encoding).not.toContain('spatial');
  const best = Math.max(channel.sqnrDb ?? 0, spatial.sqnrDb ?? 0);
  expect(better.sqnrDb).toBe(best);
  expect(spatial.bytesAfter).toBeLessThanOrEqual(0.6 * spatial.bytesBefore);
});

test('one budget by what each layer puts out', async () => {
  const shared: Step = {
    technique: 'svd-llm',
    options: { by: 'budget', budget: 0.5, scope: 'global' },
  };
  const { row } = await outcomeOf([shared, int4], seen);
  expect(row.encoding).toContain('rank');
});

test('inputs that were never seen leave the fit to the values, and it is said', async () => {
  const unseen = await outcomeOf([byRank('svd-llm')]);
  const plain = await outcomeOf([byRank('svd')]);
  expect(unseen.error).toBe(plain.error);
  expect(unseen.row.note).toMatch(/^Fitted to its values: /);
  const broken = calibratorOf((K) => ({
    ...statisticsFor(K),
    sumAbs: new Float64Array(K).fill(Number.NaN),
  }));
  const refused = await outcomeOf([byRank('asvd')], broken);
  expect(refused.error).toBe(plain.error);
  expect(refused.row.note).toContain('not finite');
});

test('too few rows are damped, and it is said', async () => {
  const few = calibratorOf((K) => statisticsFor(K, 5));
  const { row } = await outcomeOf([byRank('svd-llm')], few);
  expect(row.note).toMatch(/^5 input vectors do not tell its \d+ inputs apart/);
});

test('a residual brings error back, the more the higher its rank, most where it is felt', async () => {
  const alone = await outcomeOf([int4]);
  const values = await outcomeOf([int4, residual({ rank: 4, fit: 'values' })]);
  const output = await outcomeOf([int4, residual({ rank: 4 })], seen);
  const more = await outcomeOf([int4, residual({ rank: 8 })], seen);
  const small = await outcomeOf([int4, residual({ rank: 4, factors: 'int8' })], seen);
  expect(values.row.sqnrDb ?? 0).toBeGreaterThan(alone.row.sqnrDb ?? 0);
  expect(output.error).toBeLessThan(values.error);
  expect(output.error).toBeLessThan(alone.error);
  expect(more.error).toBeLessThan(output.error);
  expect(small.error).toBeLessThan(1.05 * output.error);
  expect(small.row.bytesAfter).toBeLessThan(output.row.bytesAfter);
});
