import { expect, test, vi } from 'vitest';
import type { StageProgress } from '../bridge/stage-progress.ts';
import { latestOnly } from './latest-only.ts';

const at = (done: number, stage: StageProgress['stage'] = 'accuracy'): StageProgress => ({
  ...{ stage, done, total: 100, current: '' },
  ...{ elapsedMs: 0, remainingMs: null },
});

test('a hundred messages are shown ten times a second, the last of a stage always', () => {
  vi.useFakeTimers();
  const shown: string[] = [];
  const latest = latestOnly(({ stage, done }) => void shown.push(`${stage} ${done}`));
  for (let done = 0; done < 100; done += 1) {
    latest.take(at(done));
    vi.advanceTimersByTime(5);
  }
  expect(shown.length).toBeLessThanOrEqual(7);
  latest.take(at(0, 'latency'));
  expect(shown.at(-1)).toBe('accuracy 99');
  latest.flush();
  expect(shown.at(-1)).toBe('latency 0');
  vi.useRealTimers();
});

test('what is said once is not lost to the next message', () => {
  const shown: object[] = [];
  const latest = latestOnly((_, more: { finished?: number }) => void shown.push(more));
  latest.take(at(0), {}); // the first is shown at once
  latest.take(at(1), { finished: 3 });
  latest.take(at(2), {});
  latest.flush();
  expect(shown).toEqual([{}, { finished: 3 }]);
});

test('nothing is shown after the end', () => {
  vi.useFakeTimers();
  const shown: number[] = [];
  const latest = latestOnly(({ done }) => void shown.push(done));
  latest.take(at(1));
  latest.take(at(2));
  latest.drop();
  vi.advanceTimersByTime(1000);
  expect(shown).toEqual([1]);
  vi.useRealTimers();
});
