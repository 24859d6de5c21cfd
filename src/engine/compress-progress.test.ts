import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CompressProgress } from '../bridge/compress-calls.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import { COMPRESSING, CompressReporter } from './compress-progress.ts';

/** Only what the reporter reads of a weight. */
const weight = (label: string, stepIndex: number) =>
  ({
    weight: { label },
    view: { K: 10, N: 10 },
    parts: [{ stepIndex, choice: { kind: 'kept' } }],
  }) as unknown as PlannedWeight;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('each step has its own count and time, and the whole is told beside it', () => {
  const told: CompressProgress[] = [];
  const [a, b, c] = [weight('a', 0), weight('b', 0), weight('c', 1)];
  const reporter = new CompressReporter(COMPRESSING, [a, b, c], (it) => told.push(it));
  vi.advanceTimersByTime(100);
  reporter.settled(a);
  expect(told.at(-1)).toMatchObject({ step: 0, done: 1, total: 2, current: 'b', remainingMs: 100 });
  vi.advanceTimersByTime(200);
  reporter.settled(b);
  vi.advanceTimersByTime(30);
  reporter.settled(c);
  const last = (step: number) => told.findLast((it) => it.step === step);
  expect(last(0)).toMatchObject({ done: 2, total: 2, elapsedMs: 300, remainingMs: 0 });
  expect(last(1)).toMatchObject({ done: 1, total: 1, elapsedMs: 30 });
  expect(last(1)?.ofAll).toEqual({ done: 3, total: 3 });
});

test('rows that a step calibrates with move its progress, and passes to come are in its time left', () => {
  const told: CompressProgress[] = [];
  const [a, b] = [weight('a', 0), weight('b', 0)];
  const reporter = new CompressReporter(COMPRESSING, [a, b], (it) => told.push(it));
  vi.advanceTimersByTime(500);
  reporter.calibrating(50, 100, 1);
  expect(told.at(-1)).toMatchObject({
    ...{ stage: 'compress', step: 0, done: 0, total: 2, elapsedMs: 500, remainingMs: null },
    within: { what: 'calibrate', done: 50, total: 100 },
  });
  vi.advanceTimersByTime(500);
  reporter.calibrating(100, 100, 1);
  vi.advanceTimersByTime(40);
  reporter.settled(a);
  // A second of rows for the pass to come, and as long for b as for a.
  expect(told.at(-1)).toMatchObject({ done: 1, elapsedMs: 1040, remainingMs: 1040 });
  expect(told.at(-1)).not.toHaveProperty('within');
});

test('what an earlier call had finished takes no time', () => {
  const told: CompressProgress[] = [];
  const [a, b, c] = [weight('a', 0), weight('b', 0), weight('c', 0)];
  const reporter = new CompressReporter(COMPRESSING, [a, b, c], (it) => told.push(it));
  reporter.restored(a);
  vi.advanceTimersByTime(70);
  reporter.settled(b);
  expect(told.at(-1)).toMatchObject({ done: 2, total: 3, remainingMs: 70 });
});
