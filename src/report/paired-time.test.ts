import { expect, test } from 'vitest';
import { AXES } from './chart/axes.ts';
import {
  isUnsteady,
  pairedRatio,
  pairedTime,
  pairedTimeOf,
  pairMs,
  pairWords,
  speedCell,
  speedClause,
  speedInterval,
  speedTimes,
  speedWords,
} from './paired-time.ts';
import type { Latency, RunReport } from './report.ts';
import { BASELINE, RUN } from './testing/runs.ts';

/** As a device gave it whose original took 365 ms in other minutes. */
function timed(p50Ms: number, originalP50Ms: number): RunReport {
  const [wasm] = RUN.measurements;
  const median = p50Ms / originalP50Ms;
  const interval = { low: median * 0.95, high: median * 1.05 };
  const latency = { ...latencyOf(RUN), p50Ms, ratio: { median, interval, originalP50Ms } };
  return { ...RUN, measurements: wasm ? [{ ...wasm, latency }] : [] };
}

function latencyOf({ measurements: [wasm] }: RunReport): Latency {
  if (!wasm?.latency) throw new Error('it was timed');
  return wasm.latency;
}

const FASTER = timed(223, 645);
const LATER = timed(131, 249);

test('runs of different minutes are ranked by their pairs, not by their milliseconds', () => {
  expect(latencyOf(FASTER).p50Ms).toBeGreaterThan(latencyOf(LATER).p50Ms);
  expect(AXES.wasm.value(FASTER)).toBeLessThan(AXES.wasm.value(LATER) ?? 0);
  expect([FASTER, LATER].map((run) => speedTimes(pairedTimeOf(latencyOf(run))))).toEqual([
    '×2.9',
    '×1.9',
  ]);
  expect(AXES.wasm.value(BASELINE)).toBe(100);
  expect(AXES.wasm.words(AXES.wasm.value(FASTER) ?? 0)).toBe('35 %');
  expect(AXES.wasm.error(FASTER)?.[0]).toBeCloseTo((5 * 223) / 645, 9);
});

test('milliseconds of a run come with those of its original in the same pairs', () => {
  expect(pairMs(latencyOf(FASTER))).toBe('223 of 645 ms');
  expect(pairWords(latencyOf(FASTER))).toBe('223 ms, original 645 ms in the same pairs');
  expect(pairMs(latencyOf(BASELINE))).toBe('28.6 ms');
});

test('a slower run and one within noise say so; the original is itself', () => {
  expect(speedTimes(pairedTimeOf(latencyOf(timed(519, 173))))).toBe('×0.33');
  expect(speedTimes(pairedTimeOf(latencyOf(timed(100, 101))))).toBe('as fast');
  expect(speedTimes(pairedTimeOf(latencyOf(BASELINE)))).toBe('×1');
  expect(pairedTime({ ...RUN, measurements: [] }, 'wasm')).toBeNull();
});

test('pairs that differ much are told with their interval', () => {
  const steady = { interval: { low: 0.5, high: 0.55 } };
  const varied = { interval: { low: 0.4, high: 0.8 } };
  expect([steady, varied].map(isUnsteady)).toEqual([false, true]);
  expect(speedInterval(varied)).toBe('×1.3 to ×2.5');
  const told = { ...varied, ratio: 0.57 };
  expect(speedWords(told)).toBe('×1.8 (×1.3 to ×2.5)');
  expect(speedWords({ ...told, interval: { low: 0.56, high: 0.58 } })).toBe('×1.8');
  expect(pairedRatio([1, 1, 1, 1, 1], [2, 2, 2, 2, 2])).toBeNull(); // five pairs have no interval
  expect(pairedRatio(Array(6).fill(1), Array(6).fill(2))).toMatchObject({ median: 0.5 });
});

/** Two times as they were measured on a busy machine, whose medians and pairs do not agree. */
const NOISY: Latency = {
  ...latencyOf(RUN),
  p50Ms: 101.2,
  ratio: { median: 0.5695, interval: { low: 0.4048, high: 0.8002 }, originalP50Ms: 160.6 },
};

test('the factor is that of the milliseconds beside it, with its interval where that is wide', () => {
  expect(speedCell(NOISY)).toBe('×1.6 (×1.2 to ×2.5), 101 of 161 ms');
  expect(speedClause(NOISY)).toEqual({ words: '1.6× faster', asides: ['95 % CI ×1.2 to ×2.5'] });
  expect(speedCell(latencyOf(FASTER))).toBe('×2.9, 223 of 645 ms');
  expect(speedClause(latencyOf(FASTER))).toEqual({ words: '2.9× faster', asides: [] });
  expect(speedClause(latencyOf(BASELINE))).toBeNull();
});

test('the interval never leaves the factor out, and narrows for nothing', () => {
  const far = { median: 0.5, interval: { low: 0.45, high: 0.55 }, originalP50Ms: 100 };
  expect(pairedTimeOf({ p50Ms: 90, ratio: far })).toEqual({
    ratio: 0.9,
    interval: { low: 0.45, high: 0.9 },
  });
  expect(speedClause({ ...NOISY, p50Ms: 104, ratio: far })).toEqual({
    words: 'as fast',
    asides: ['within noise', '95 % CI ×0.96 to ×2.2'],
  });
});

test('a clock that reads 0 leaves the pairs their ratio', () => {
  const zero = { median: 0, interval: { low: 0, high: 1 }, originalP50Ms: 0 };
  expect(pairedTimeOf({ p50Ms: 0, ratio: zero })?.ratio).toBe(0);
});
