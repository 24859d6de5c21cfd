import { expect, test } from 'vitest';
import { disturbance, isDisturbed } from './disturbed-time.ts';
import type { Latency, RunReport } from './report.ts';
import { BASELINE, measuredOtherwise, RUN } from './testing/runs.ts';
import { verdict, verdictText } from './verdict.ts';

const timed = (change: Partial<Latency>): RunReport => {
  const latency = RUN.measurements[0]?.latency;
  if (!latency) throw new Error('the fixture has a latency');
  return measuredOtherwise('wasm', { latency: { ...latency, ...change } });
};
const beside = (originalP50Ms: number, more: Partial<Latency> = {}): RunReport =>
  timed({
    p50Ms: originalP50Ms / 2,
    ratio: { median: 0.5, interval: { low: 0.48, high: 0.52 }, originalP50Ms },
    ...more,
  });

test('an original that took half as long again beside a run was disturbed', () => {
  expect(disturbance(beside(40), BASELINE, 'wasm')).toBeNull();
  expect(disturbance(beside(45), BASELINE, 'wasm')).toEqual({
    sign: 'The original took 45.0 ms beside it and 28.6 ms by itself.',
    again: 'run',
  });
  expect(disturbance(beside(45), null, 'wasm')).toBeNull();
  expect(disturbance(beside(45, { input: '1 × 32 tokens' }), BASELINE, 'wasm')).toBeNull();
  expect(disturbance(BASELINE, BASELINE, 'wasm')).toBeNull();
});

test('one that took longer by itself disturbed no run: it is the one to time again', () => {
  expect(disturbance(beside(15), BASELINE, 'wasm')).toMatchObject({ again: 'baseline' });
  expect(isDisturbed(beside(15), BASELINE, 'wasm')).toBe(false);
  expect(isDisturbed(beside(45), BASELINE, 'wasm')).toBe(true);
});

test('times whose middle half spreads over a quarter of the median were disturbed', () => {
  expect(disturbance(beside(30, { originalIqrMs: 7 }), BASELINE, 'wasm')).toBeNull();
  expect(disturbance(beside(30, { originalIqrMs: 9 }), BASELINE, 'wasm')).toEqual({
    sign: 'The middle half of the original’s times spread over 30.0 % of their median, 30.0 ms.',
    again: 'run',
  });
  // A tenth of a millisecond is the clock's.
  expect(disturbance(beside(0.2, { originalIqrMs: 0.1 }), null, 'wasm')).toBeNull();
});

test('the sentence of a run says so', () => {
  expect(verdictText(verdict(beside(45), BASELINE))).toContain(
    ', 2.0× faster on WASM (timed beside other work), ',
  );
});
