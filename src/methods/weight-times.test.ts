import { expect, test } from 'vitest';
import { CpuExecutor } from './cpu-executor.ts';
import { timeWeights } from './weight-times.ts';

test('every method takes a weight, and time', async () => {
  const times = await timeWeights(new CpuExecutor(), 64);
  expect(new Set(times.map(({ method }) => method)).size).toBe(times.length);
  expect(times.length).toBeGreaterThan(10);
  for (const { durationMs } of times) expect(durationMs).toBeGreaterThan(0);
  const some = await timeWeights(new CpuExecutor(), 64, 'hqq');
  expect(some.map(({ method }) => method)).toEqual(['hqq 4']);
});
