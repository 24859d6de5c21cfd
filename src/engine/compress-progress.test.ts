import { expect, test, vi } from 'vitest';
import type { CompressProgress } from '../bridge/compress-calls.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import { CompressReporter } from './compress-progress.ts';

/** Only what the reporter reads of a weight. */
const weight = (label: string, stepIndex: number) =>
  ({
    weight: { label },
    view: { K: 10, N: 10 },
    parts: [{ stepIndex, choice: { kind: 'kept' } }],
  }) as unknown as PlannedWeight;

test('steps that take turns have counts and times of their own, and calibration is no step’s', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const told: CompressProgress[] = [];
  const [a, b, c] = [weight('a', 0), weight('b', 1), weight('c', 0)];
  const reporter = new CompressReporter('compress', [a, b, c], (it) => told.push(it));
  vi.advanceTimersByTime(100);
  reporter.settled(a);
  vi.advanceTimersByTime(30);
  reporter.settled(b);
  vi.advanceTimersByTime(5000); // rows go by
  reporter.goesOn(c);
  expect(told.at(-1)).toMatchObject({ stage: 'compress', step: 0, current: 'c' });
  vi.advanceTimersByTime(200);
  reporter.settled(c);
  vi.useRealTimers();
  const last = (step: number) => told.findLast((it) => it.step === step)?.ofStep;
  expect(last(0)).toEqual({ done: 2, total: 2, elapsedMs: 300 });
  expect(last(1)).toEqual({ done: 1, total: 1, elapsedMs: 30 });
  expect(told.at(-1)).toMatchObject({ done: 3, total: 3 });
});
