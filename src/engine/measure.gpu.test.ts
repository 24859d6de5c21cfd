import { expect, test, vi } from 'vitest';
import type { MeasureProgress, MeasureRequest } from '../bridge/measure-calls.ts';
import { openDataset } from '../dataset/dataset.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { openDevice } from '../gpu/open-device.ts';
import { findWeights } from '../model/find-weights.ts';
import { compress } from './compress.ts';
import { type MeasureContext, measure, releaseOriginal } from './measure.ts';
import { executorsOn } from './testing/executors-on.ts';

const ROWS = 24;
/** A software adapter compiles every pipeline of a session anew. */
const PATIENCE_MS = 120_000;
const FOLDER = 'sentiment-tiny';

async function fetched(name: string): Promise<{ path: string; blob: Blob }> {
  const response = await fetch(`/samples/${FOLDER}/${name}`);
  return { path: name, blob: await response.blob() };
}

const csv = await (await fetched('test.csv')).blob.text();
const files = [
  ...(await Promise.all(
    ['model.onnx', 'tokenizer.json', 'tokenizer_config.json', 'config.json'].map(fetched),
  )),
  {
    path: 'test.csv',
    blob: new Blob([
      csv
        .split('\n')
        .slice(0, ROWS + 1)
        .join('\n'),
    ]),
  },
];
const model = await openOnnx(files);
const open = {
  model,
  weights: findWeights(model),
  dataset: await openDataset(files, model, { seed: 1 }),
};
const request: MeasureRequest = {
  modelId: 'model',
  files: null,
  weights: [],
  backends: ['wasm', 'webgpu'],
  scoreOn: 'wasm',
  score: true,
  warmUp: 1,
  repetitions: 6,
  timeSoftware: true,
};
vi.setConfig({ testTimeout: PATIENCE_MS });
const messages: MeasureProgress[] = [];
const context = (): MeasureContext => ({
  signal: new AbortController().signal,
  stop: new AbortController().signal,
  progress: (message) => messages.push(message),
  device: (backend) => ({ name: backend, software: backend === 'webgpu' }),
  isVisible: () => true,
});
const gpu = await openDevice();
const compressed = await compress(
  open,
  {
    format: 'whittle-recipe',
    version: 1,
    name: 'int8',
    target: 'webgpu',
    seed: 1,
    steps: [{ technique: 'rtn', options: { bits: 8 } }],
  },
  {
    signal: new AbortController().signal,
    progress: () => {},
    executors: executorsOn(gpu),
  },
);

test('the original is measured on both backends and agrees with itself', async () => {
  const measured = await measure(open, request, context());
  const [wasm, webgpu] = measured.measurements;
  expect(wasm).toMatchObject({ backend: 'wasm', failure: null, truth: null });
  expect(webgpu?.failure).toBeNull();
  const truth = webgpu?.truth;
  expect(truth).toMatchObject({ verdict: 'agrees', failure: null });
  expect(truth?.rows).toBeGreaterThanOrEqual(16);
  expect(truth?.sameAnswers).toBe(truth?.rows);
  expect(truth?.largestDifference).toBeLessThan(1e-3);
  expect(webgpu?.placement?.total).toBeGreaterThan(10);
  expect(measured.accuracy).toMatchObject({ rows: ROWS, backend: 'wasm', difference: null });
  expect(measured.dataset).toMatchObject({ rows: ROWS, batch: 1 });
  expect(wasm?.latency).toMatchObject({ repetitions: 6, ratio: null, input: '1 × 32 tokens' });
});

test('a run is compared with the original, row by row and pair by pair', async () => {
  const run = { ...request, files: compressed.files, weights: compressed.weights };
  const measured = await measure(open, run, context());
  expect(measured.measurements.map(({ failure }) => failure)).toEqual([null, null]);
  for (const { truth, latency } of measured.measurements) {
    expect(truth?.verdict).toMatch(/^agrees/);
    expect(truth?.cosine).toBeGreaterThan(0.999);
    expect(latency?.ratio?.median).toBeGreaterThan(0);
  }
  expect(measured.accuracy?.difference).not.toBeNull();
  expect(measured.fidelity?.rows).toBe(ROWS);
  expect(measured.fidelity?.cosine).toBeGreaterThan(0.999);
  expect(messages.some(({ stage, done }) => stage === 'accuracy' && done === ROWS)).toBe(true);
  expect(messages.some(({ stage, done }) => stage === 'session' && done === 1)).toBe(true);
});

test('stopping the scoring stops nothing else', async () => {
  const stop = new AbortController();
  const stopped = await measure(
    open,
    { ...request, files: compressed.files },
    {
      ...context(),
      stop: stop.signal,
      progress: ({ stage, done }) => {
        if (stage === 'accuracy' && done === 6) stop.abort();
      },
    },
  );
  expect(stopped.stopped).toBe(true);
  expect(stopped.accuracy?.rows).toBe(6);
  expect(stopped.dataset).toMatchObject({ rows: 6, given: ROWS });
  expect(stopped.measurements.map(({ latency }) => latency?.repetitions)).toEqual([6, 6]);
});

test('cancelling rejects, after what is finished was told', async () => {
  const told: MeasureProgress[] = [];
  const abort = new AbortController();
  const cancelled = measure(open, request, {
    ...context(),
    signal: abort.signal,
    progress: (message) => {
      told.push(message);
      if (message.stage === 'truth') abort.abort(); // on WebGPU: on WASM the original is the truth
    },
  });
  await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
  const finished = told.flatMap((message) => message.finished ?? []).at(-1);
  expect(finished?.accuracy).toMatchObject({ rows: ROWS, backend: 'wasm' });
  expect(finished?.measurements.map(({ backend }) => backend)).toEqual(['wasm']);
});

test.each([
  ['the original', null],
  ['a run', compressed.files],
])('cancelling tells the rows of %s that were scored', async (_, files) => {
  const told: MeasureProgress[] = [];
  const abort = new AbortController();
  const cancelled = measure(
    { ...open },
    { ...request, files, backends: ['wasm'], repetitions: 0 },
    {
      ...context(),
      signal: abort.signal,
      progress: (message) => {
        told.push(message);
        const own = files === null || !message.ofOriginal;
        if (message.stage === 'accuracy' && message.done === 6 && own) abort.abort();
      },
    },
  );
  await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
  const finished = told.flatMap((message) => message.finished ?? []).at(-1);
  expect(finished).toMatchObject({ stopped: true, dataset: { rows: 6, given: ROWS } });
  expect(finished?.accuracy?.rows).toBe(6);
  expect(finished?.fidelity?.rows ?? null).toBe(files && 6);
});

test('a software adapter is checked, and timed only where that is asked for', async () => {
  const quick = { ...request, score: false, backends: ['webgpu'] as const, timeSoftware: false };
  const stages: string[] = [];
  const { measurements } = await measure(open, quick, {
    ...context(),
    progress: ({ stage }) => stages.push(stage),
  });
  expect(measurements).toMatchObject([{ latency: null, untimed: 'software adapter' }]);
  expect(measurements[0]?.truth?.verdict).toBe('agrees');
  expect(stages).not.toContain('latency');
});

test('a hidden page gives no latency and says so', async () => {
  const measured = await measure(
    open,
    { ...request, backends: ['wasm'] },
    { ...context(), isVisible: () => false },
  );
  expect(measured.measurements[0]?.latency).toBeNull();
  expect(measured.warnings.join(' ')).toContain('hidden');
  await releaseOriginal(open);
});
