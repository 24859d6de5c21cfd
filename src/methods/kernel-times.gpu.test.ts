import { expect, test } from 'vitest';
import { openDevice } from '../gpu/open-device.ts';
import { timeDispatches } from '../gpu/time-dispatches.ts';
import { timeKernels } from './kernel-times.ts';

test('every kernel takes time, and says through how much it went', async () => {
  using gpu = await openDevice();
  const times = await timeKernels(gpu, {
    ...{ elements: 2 ** 12, side: 64, transpositions: ['TN'] },
    time: (device, record) => timeDispatches(device, record, { longEnoughMs: 0 }),
  });
  expect(new Set(times.map(({ kernel }) => kernel)).size).toBe(times.length);
  expect(times.length).toBe(5 + 1 + 4 + 15 + 7 + 2 + 3);
  for (const { durationMs, elements, bytes } of times) {
    expect(durationMs).toBeGreaterThan(0);
    expect(bytes).toBeGreaterThanOrEqual(elements / 4);
  }
  expect(times.filter(({ flop }) => flop === 2 * 64 ** 3).length).toBe(3);
}, 60_000); // a software adapter compiles the large tiles for seconds
