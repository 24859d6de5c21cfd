import { expect, test } from 'vitest';
import { presetRecipe } from '../../recipe/presets.ts';
import { runFamily } from '../../report/chart/run-family.ts';
import type { BackendMeasurement } from '../../report/report.ts';
import { baselineRun, type Run } from '../../state/run.ts';
import { model } from '../../state/testing/minilm.ts';
import { shortVerdict } from './short-verdict.ts';

const baseline = baselineRun(model, new Date(0));
const measurement = (change: Partial<BackendMeasurement> = {}): BackendMeasurement => ({
  ...{ backend: 'webgpu', device: 'gpu', software: false, sessionMs: 1, failure: null },
  ...{ placement: null, truth: null },
  latency: {
    ...{ warmUp: 5, repetitions: 50, p50Ms: 8, p95Ms: 9, meanMs: 8, input: '', threads: 1 },
    ratio: { median: 0.8, interval: { low: 0.7, high: 0.9 }, originalP50Ms: 10 },
  },
  ...change,
});
const run = (change: Partial<Run>): Run => ({
  ...baseline,
  kind: 'run',
  recipe: presetRecipe('close', 'webgpu'),
  output: { files: [], byteLength: 1e6, gzipByteLength: null },
  measurements: [measurement()],
  ...change,
});
const slower = { median: 1.5, interval: { low: 1.4, high: 1.6 } };
const truth: BackendMeasurement['truth'] = {
  verdict: 'fails',
  ...{ rows: 64, cosine: 0.1, sameAnswers: 3, floor: 0.9 },
  ...{ largestDifference: 9, failure: 'cosine 0.1' },
};

test.each([
  ['smaller and faster', run({}), 'WebGPU: smaller, faster', 'good'],
  [
    'slower',
    run({
      measurements: [
        measurement({ latency: { ...measurement().latency, ratio: slower } as never }),
      ],
    }),
    'WebGPU: smaller, slower',
    'warn',
  ],
  ['wrong', run({ measurements: [measurement({ truth })] }), 'wrong on WebGPU', 'bad'],
  [
    'wrong elsewhere',
    run({ measurements: [measurement(), measurement({ backend: 'wasm', truth })] }),
    'wrong on WASM; WebGPU: smaller, faster',
    'bad',
  ],
  [
    'unlike WASM on its target',
    run({ measurements: [measurement({ truth: { ...truth, differsFrom: 'wasm' } })] }),
    'wrong on WebGPU',
    'bad',
  ],
  [
    'unlike its target elsewhere',
    run({
      recipe: presetRecipe('close', 'wasm'),
      measurements: [
        measurement({ backend: 'wasm' }),
        measurement({ truth: { ...truth, differsFrom: 'wasm' } }),
      ],
    }),
    'differs on WebGPU; WASM: smaller, faster',
    'bad',
  ],
  ['failed', run({ measurements: [measurement({ failure: 'no f16' })] }), 'WebGPU: failed', 'bad'],
  ['not measured', run({ measurements: [] }), 'WebGPU: not measured', 'plain'],
  ['the original', baseline, 'original file', 'plain'],
])('%s', (_, it, text, tone) => {
  expect(shortVerdict(it, baseline)).toEqual({ text, tone });
});

test('a loss counts only beyond its interval', () => {
  const scored = (low: number, high: number) =>
    run({
      accuracy: {
        ...{ metric: 'accuracy', backend: 'webgpu', rows: 1000, correct: 800, value: 0.8 },
        interval: { low: 0.78, high: 0.82 },
        difference: { value: -0.041, interval: { low, high } },
        also: [],
      },
    });
  expect(shortVerdict(scored(-0.06, -0.02), baseline).text).toBe('WebGPU: loses 4.1 pt');
  expect(shortVerdict(scored(-0.09, 0.01), baseline).text).toBe('WebGPU: smaller, faster');
});

test('for a perplexity, more is a loss; what is too big says what it needs', () => {
  const perplexity = run({
    accuracy: {
      ...{ metric: 'perplexity', backend: 'webgpu', rows: 66, correct: null, value: 33.2 },
      ...{ interval: null, also: [] },
      difference: { value: 0.41, interval: { low: 0.3, high: 0.5 } },
    },
  });
  expect(shortVerdict(perplexity, baseline)).toEqual({
    text: 'WebGPU: perplexity +0.41',
    tone: 'bad',
  });
  const tooBig = run({ measurements: [measurement({ skipped: 'needs about 9.6 GB' })] });
  expect(shortVerdict(tooBig, baseline).text).toBe('not measured: needs about 9.6 GB');
});

test('a run takes the family of its steps', () => {
  expect(runFamily(null)).toBe('baseline');
  expect(runFamily(presetRecipe('close', 'wasm'))).toBe('quantize');
});
