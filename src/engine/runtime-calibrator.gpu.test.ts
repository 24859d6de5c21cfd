/** Statistics of real nets, against sums on this thread. */
import { expect, test, vi } from 'vitest';
import type { Wanted } from '../bench/calibrate.ts';
import { inputVectors } from '../bench/input-vectors.ts';
import { floatsOf } from '../bench/outputs.ts';
import { createSession } from '../bench/session.ts';
import { assert } from '../core/assert.ts';
import { withMoreOutputs } from '../formats/onnx/more-outputs.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import { graphsOf } from '../model/graphs.ts';
import { blocksOf } from '../plan/blocks/drop-blocks.ts';
import { viewAsMatrix } from '../plan/matrix-view.ts';
import { inputsOfWeight } from '../plan/weight-inputs.ts';
import { blockInfluence } from '../reference/block-influence.ts';
import { blockInfluences } from './block-influences.ts';
import { compress } from './compress.ts';
import { beginJob } from './compress-job.ts';
import type { OpenModel } from './models.ts';
import { runtimeCalibrator } from './runtime-calibrator.ts';
import { openedModel, recipeOf, sampleModel } from './testing/opened-sample.ts';

vi.setConfig({ testTimeout: 120_000 });
const signal = new AbortController().signal;
const NO_EXECUTORS = {
  acquire: () => {
    throw new Error('nothing is computed');
  },
};
const digits = await openedModel(await sampleModel('digits'));
const sentiment = await openedModel(await sampleModel('sentiment-tiny'));

/** What can be seen of each weight's inputs. */
function wantedOf({ model, weights }: OpenModel) {
  const graphs = graphsOf(model);
  return weights.flatMap((weight): { name: string; wanted: Wanted }[] => {
    const viewed = viewAsMatrix(weight, graphs);
    if ('reason' in viewed) return [];
    const inputs = inputsOfWeight(weight, viewed.view, graphs);
    if ('reason' in inputs) return [];
    const { sources } = inputs;
    return [{ name: weight.name, wanted: { K: viewed.view.K, kind: 'gram', sources } }];
  });
}

async function statisticsOf(open: OpenModel, count: number) {
  const found = await runtimeCalibrator.rows(open, signal);
  assert('rows' in found, 'there are rows');
  const { rows } = found;
  const named = wantedOf(open);
  const done: number[] = [];
  const all = await runtimeCalibrator.pass(
    open,
    named.map(({ wanted }) => wanted),
    { rows, count },
    { signal, onRow: (row, total) => done.push(row / total) },
  );
  expect(done.at(-1)).toBe(1);
  return { rows, named, all };
}

test('the first convolution is given the patches of the pictures', async () => {
  const { rows, named, all } = await statisticsOf(digits, 3);
  const first = named.findIndex(({ wanted }) => wanted.sources[0]?.value === 'input');
  const at = Math.max(first, 0);
  const { K, sources } = named[at]?.wanted ?? { K: 0, sources: [] };
  const [source] = sources;
  assert(source, 'it has inputs');
  const gram = new Float64Array(K * K);
  let count = 0;
  for (let row = 0; row < 3; row++) {
    const feed = (await rows.feeds(row))[source.value];
    assert(feed, `${source.value} is fed`);
    const x = inputVectors({ ...feed, data: feed.data as Float32Array }, source.layout, K);
    count += x.length / K;
    for (let v = 0; v < x.length; v += K) {
      for (let i = 0; i < K; i++) {
        for (let j = 0; j < K; j++) {
          gram[i * K + j] = (gram[i * K + j] ?? 0) + (x[v + i] ?? 0) * (x[v + j] ?? 0);
        }
      }
    }
  }
  const statistics = all[at];
  expect(statistics).toMatchObject({ K, count, rows: 3 });
  const largest = gram.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = gram.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (statistics?.gram?.[i] ?? Number.NaN))),
    0,
  );
  expect(largest).toBeGreaterThan(0);
  expect(worst / largest).toBeLessThan(1e-5);
});

test.each([
  ['digits', digits],
  ['sentiment-tiny', sentiment],
])('%s: products and moments agree, inside the graph too', async (_, open) => {
  const { named, all } = await statisticsOf(open, 4);
  expect(named.length).toBeGreaterThan(2);
  for (const [index, { name, wanted }] of named.entries()) {
    const statistics = all[index];
    assert(statistics?.gram, `${name} has products`);
    const { K, gram, sum, sumAbs, sumSquares, min, max, count } = statistics;
    expect(K).toBe(wanted.K);
    for (let k = 0; k < K; k++) {
      const square = sumSquares[k] as number;
      expect(Math.abs((gram[k * K + k] as number) - square), `${name} ${k}`).toBeLessThanOrEqual(
        1e-4 * Math.max(square, 1e-6),
      );
      expect(gram[k]).toBeCloseTo(gram[k * K] as number, 2);
      expect(Math.abs(sum[k] as number)).toBeLessThanOrEqual((sumAbs[k] as number) * (1 + 1e-12));
      expect(min[k] as number).toBeLessThanOrEqual((sum[k] as number) / count + 1e-6);
      expect(max[k] as number).toBeGreaterThanOrEqual((sum[k] as number) / count - 1e-6);
    }
  }
});

test('the influence of blocks is that of their vectors', async () => {
  const { blocks } = blocksOf(sentiment.model);
  const job = beginJob(sentiment, recipeOf('wasm'), {
    signal,
    progress: () => {},
    executors: NO_EXECUTORS,
    calibrator: runtimeCalibrator,
  });
  const found = await blockInfluences(job, blocks, 4);
  assert(found instanceof Map, 'there are rows');
  const rows = await runtimeCalibrator.rows(sentiment, signal);
  assert('rows' in rows, 'there are rows');
  const values = blocks.flatMap(({ input, output }) => [input, output]);
  const graph = withMoreOutputs(sentiment.model.files[0]?.blob ?? new Blob(), [...new Set(values)]);
  const session = await createSession(graph, 'wasm');
  const vectors = new Map<string, number[]>();
  for (let row = 0; row < 4; row++) {
    const outputs = await session.run(await rows.rows.feeds(row));
    for (const value of new Set(values)) {
      const own = outputs[value];
      assert(own, `the session gives ${value}`);
      vectors.set(value, [...(vectors.get(value) ?? []), ...(floatsOf(own) ?? [])]);
    }
  }
  await session.release();
  const of = (value: string) => Float32Array.from(vectors.get(value) ?? []);
  expect(blocks.length).toBe(2);
  for (const block of blocks) {
    const expected = blockInfluence(of(block.input), of(block.output), 128);
    expect(expected).toBeGreaterThan(0.001);
    expect(found.get(block)).toBeCloseTo(expected, 5);
  }
});

test('what follows calibrates on the model without the block', async () => {
  const recipe = recipeOf(
    'wasm',
    { technique: 'cut-blocks', options: { share: 0.5, rows: 8 } },
    { technique: 'cut-neurons', options: { share: 0.5, rows: 8 } },
    { technique: 'gptq', where: { op: ['MatMul'] }, options: { bits: 4, rows: 8 } },
  );
  const made = await compress(sentiment, recipe, {
    ...{ signal, progress: () => {}, calibrator: runtimeCalibrator },
    executors: { acquire: async () => new CpuExecutor() },
  });
  expect(made.partial).toBe(false);
  expect(made.warnings.filter((it) => /block/i.test(it))).toEqual([]);
  const dropped = made.weights.filter(({ encoding }) => encoding === 'dropped');
  expect(dropped.map(({ note }) => note)).toContainEqual(
    expect.stringMatching(/^Block [12] of 2 is dropped: influence 0\.\d+$/),
  );
  const rounded = made.weights.filter(({ technique }) => /gptq/.test(technique ?? ''));
  expect(rounded.length).toBe(6);
  for (const { note = '' } of rounded) expect(note).not.toMatch(/not seen|no calibration/);
  expect(rounded.some(({ technique }) => technique === 'cut-neurons + gptq')).toBe(true);
});

test('answers of the model itself do not move, and those of four bits do', async () => {
  const found = await runtimeCalibrator.rows(sentiment, signal);
  assert('rows' in found, 'there are rows');
  const told: number[] = [];
  const context = { signal, onRow: (row: number) => told.push(row) };
  const rows = { rows: found.rows, count: 3 };
  const same = await runtimeCalibrator.divergence(sentiment, sentiment.model, rows, context);
  expect(same.measure).toBe('kl');
  expect(same.value).toBeCloseTo(0, 9);
  const steps = [{ technique: 'rtn', options: { bits: 4, blockSize: 32 } } as const];
  const done = await compress(sentiment, recipeOf('wasm', ...steps), {
    ...{ signal, progress: () => {}, executors: { acquire: async () => new CpuExecutor() } },
  });
  const coarse = await openOnnx(done.files);
  const moved = await runtimeCalibrator.divergence(sentiment, coarse, rows, context);
  expect(moved.value).toBeGreaterThan(1e-6);
  expect(told).toEqual([1, 2, 3, 1, 2, 3]);
  const gone = { ...context, signal: AbortSignal.abort() };
  await expect(runtimeCalibrator.divergence(sentiment, coarse, rows, gone)).rejects.toMatchObject({
    name: 'AbortError',
  });
});
