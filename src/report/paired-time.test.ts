import { expect, test } from 'vitest';
import { AXES } from './chart/axes.ts';
import {
  busyNote,
  isUnsteady,
  pairedRatio,
  pairedTime,
  pairMs,
  pairWords,
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
  expect([FASTER, LATER].map((run) => speedTimes(latencyOf(run).ratio))).toEqual(['×2.9', '×1.9']);
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
  expect(speedTimes(latencyOf(timed(519, 173)).ratio)).toBe('×0.33');
  expect(speedTimes(latencyOf(timed(100, 101)).ratio)).toBe('as fast');
  expect(speedTimes(latencyOf(BASELINE).ratio)).toBe('×1');
  expect(pairedTime({ ...RUN, measurements: [] }, 'wasm')).toBeNull();
});

test('an original that took much longer than by itself tells of a busy device', () => {
  const alone = latencyOf(BASELINE).p50Ms;
  expect(busyNote(timed(alone / 2, alone * 1.4), BASELINE)).toBeNull();
  expect(busyNote(timed(alone, alone * 3), BASELINE)).toMatch(
    /^On WASM the original took .* by itself/,
  );
  expect(busyNote(timed(alone / 9, alone / 3), BASELINE)).not.toBeNull();
  expect(busyNote(BASELINE, BASELINE)).toBeNull();
  expect(busyNote(timed(alone, alone * 3), { measurements: [] })).toBeNull();
});

test('pairs that differ much are told with their interval', () => {
  const steady = { interval: { low: 0.5, high: 0.55 } };
  const varied = { interval: { low: 0.4, high: 0.8 } };
  expect([steady, varied].map(isUnsteady)).toEqual([false, true]);
  expect(speedInterval(varied)).toBe('×1.3 to ×2.5');
  const told = { ...varied, median: 0.57, originalP50Ms: 161 };
  expect(speedWords(told)).toBe('×1.8 (×1.3 to ×2.5)');
  expect(speedWords({ ...told, interval: { low: 0.56, high: 0.58 } })).toBe('×1.8');
  expect(pairedRatio([1, 1, 1, 1, 1], [2, 2, 2, 2, 2])).toBeNull(); // five pairs have no interval
  expect(pairedRatio(Array(6).fill(1), Array(6).fill(2))).toMatchObject({ median: 0.5 });
});
