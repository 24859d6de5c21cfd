import { expect, test } from 'vitest';
import { BASELINE, measuredOtherwise, RUN } from '../../../report/testing/runs.ts';
import type { Run } from '../../../state/run.ts';
import { differenceWords, metricRows } from './metric-rows.ts';
import { speedBetween } from './speed-between.ts';

const run = (report: typeof RUN): Run => ({ ...report, files: null });
const [baseline, int4] = [run(BASELINE), run(RUN)];
const paired = {
  metric: 'accuracy',
  ...{ rows: 1068, ofB: 893 / 1068 },
  value: -4 / 1068,
  interval: { low: -4 / 1068 - 0.009, high: -4 / 1068 + 0.009 },
} as const;
const row = (rows: ReturnType<typeof metricRows>, label: RegExp) =>
  rows.find((it) => label.test(it.label));

test('sizes and times: the better value and the difference in words', () => {
  const rows = metricRows(baseline, int4, paired);
  expect(row(rows, /^Size, MB/)).toMatchObject({
    ...{ a: { words: '90.9' }, b: { words: '13.7' }, better: 'b', difference: '6.6× smaller' },
  });
  expect(row(rows, /^WASM/)).toMatchObject({ better: 'b', difference: '1.9× faster' });
  expect(row(rows, /^WebGPU/)).toMatchObject({ better: 'a', difference: '3.1× slower' });
});

test('a difference of accuracy carries its paired interval, and noise makes neither better', () => {
  const rows = metricRows(baseline, int4, paired);
  expect(row(rows, /^Accuracy/)).toMatchObject({
    ...{ a: { words: '84.0' }, b: { words: '83.6' }, better: null },
    difference: '−0.4 ±0.9 pt, within noise',
  });
  expect(row(metricRows(baseline, int4, null), /^Accuracy/)?.difference).toBe('');
});

test('a difference outside its noise names the better one, also where lower is better', () => {
  const loss = { ...paired, value: -0.041, interval: { low: -0.06, high: -0.022 } };
  expect(row(metricRows(baseline, int4, loss), /^Accuracy/)).toMatchObject({
    ...{ better: 'a', difference: '−4.1 ±1.9 pt' },
  });
  expect(differenceWords({ metric: 'perplexity', value: 0.41, interval: null })).toBe(
    'too few rows to say',
  );
  expect(
    differenceWords({ metric: 'perplexity', value: 0.41, interval: { low: 0.1, high: 0.5 } }),
  ).toBe('+0.41 (+0.10 to +0.50)');
});

test('runs that were scored on other rows are compared on those that both have', () => {
  const stopped = run({
    ...RUN,
    accuracy: RUN.accuracy && { ...RUN.accuracy, rows: 132, value: 116 / 132 },
    fidelity: RUN.fidelity && { ...RUN.fidelity, rows: 132, klMean: 0.001 },
  });
  const pending = metricRows(int4, stopped, null);
  expect(row(pending, /^Accuracy/)).toMatchObject({
    ...{ a: { words: '83.6 (1,068 rows)' }, b: { words: '87.9 (132 rows)' }, difference: '' },
  });
  const common = { ...paired, rows: 132, ofB: 116 / 132, value: 1 / 132 };
  expect(row(metricRows(int4, stopped, common), /132 rows that both scored$/)).toMatchObject({
    ...{ a: { words: '87.1' }, b: { words: '87.9' } },
  });
  expect(row(pending, /^KL/)).toMatchObject({
    ...{ better: null, difference: 'not of the same rows' },
  });
});

test('fidelity is to the original, which has none to itself', () => {
  const other = run({
    ...RUN,
    fidelity: RUN.fidelity && {
      ...RUN.fidelity,
      differingRows: 17,
      top1Agreement: 1051 / 1068,
      klMean: 0.0041,
    },
  });
  const rows = metricRows(other, int4, null);
  expect(row(rows, /^Same answers/)).toMatchObject({
    ...{ a: { words: '98.4' }, b: { words: '97.8' }, better: 'a', difference: '7 fewer rows' },
  });
  expect(row(rows, /^KL/)).toMatchObject({ better: 'a', difference: '2.1× higher' });
  expect(row(metricRows(baseline, int4, null), /^KL/)).toMatchObject({ a: null, difference: '' });
});

test('times are compared by their ratios to the original beside each', () => {
  const busy = measuredOtherwise('wasm', {
    latency: {
      ...{
        warmUp: 3,
        repetitions: 50,
        p50Ms: 151.58,
        p95Ms: 170,
        meanMs: 151,
        input: '',
        threads: 8,
      },
      ratio: { median: 0.53, interval: { low: 0.5, high: 0.56 }, originalP50Ms: 286 },
    },
  });
  const between = speedBetween(int4, run(busy), 'wasm');
  expect(between?.ratio).toBeCloseTo(0.53 / (15 / 28.6), 10);
  expect(between?.interval.low).toBeLessThan(1);
  expect(row(metricRows(int4, run(busy), null), /^WASM/)).toMatchObject({
    ...{ better: null, difference: 'within noise' },
  });
});
