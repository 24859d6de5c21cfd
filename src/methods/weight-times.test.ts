import { expect, test } from 'vitest';
import { CpuExecutor } from './cpu-executor.ts';
import { timeWeights, type WeightTime } from './weight-times.ts';

async function timed(only?: string): Promise<readonly WeightTime[]> {
  const times: WeightTime[] = [];
  for await (const time of timeWeights([new CpuExecutor()], 64, only)) times.push(time);
  return times;
}

test('every method takes a weight, and time', async () => {
  const times = await timed();
  expect(new Set(times.map(({ method }) => method)).size).toBe(times.length);
  expect(times.length).toBeGreaterThan(10);
  for (const { durationsMs } of times) {
    expect(durationsMs.length).toBe(1);
    expect(durationsMs[0]).toBeGreaterThan(0);
  }
  expect((await timed('hqq')).map(({ method }) => method)).toEqual(['hqq 4']);
});
