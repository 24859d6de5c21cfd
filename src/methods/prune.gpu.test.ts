import { afterAll, expect, test } from 'vitest';
import { openDevice } from '../gpu/open-device.ts';
import { GpuMasks } from './gpu-masks.ts';
import { CpuMasks } from './mask-device.ts';
import { pruneNOfM, pruneSmallest } from './prune.ts';
import { expectGoldens, never, sourceOf, tied } from './testing/prune-cases.ts';

const gpu = await openDevice();
const device = new GpuMasks(gpu, 2 ** 12);
const reference = new CpuMasks();
afterAll(() => {
  device[Symbol.dispose]();
  gpu[Symbol.dispose]();
});

test('every golden', async () => {
  await expectGoldens(device);
});

test('many weights of many ties, in many tiles, are pruned as on this thread', async () => {
  const weights = [tied(10_001, 1), tied(3, 2), tied(4096, 3), tied(20_000, 4)];
  const run = (on: GpuMasks | CpuMasks) =>
    pruneSmallest(
      on,
      weights.map((weight) => sourceOf(weight)),
      0.6,
      { signal: never },
    );
  const [own, wanted] = [await run(device), await run(reference)];
  own.forEach(({ pruned }, i) => {
    const expected = wanted[i]?.pruned;
    expect(pruned?.mask).toEqual(expected?.mask);
    expect(pruned?.errors.maxAbsError).toBe(expected?.errors.maxAbsError);
    for (const key of ['sumSquares', 'sumSquaredError'] as const) {
      expect((pruned?.errors[key] ?? 0) / (expected?.errors[key] || 1)).toBeCloseTo(1, 4);
    }
  });
});

test.each([
  [3, 70, 30],
  [5, 1000, 1],
  [40, 6, 9],
] as const)('[%i, %i, %i]: n of m as on this thread', async (outer, axisLength, inner) => {
  const source = sourceOf(tied(outer * axisLength * inner, 1));
  for (const rule of [
    { n: 2, m: 4 },
    { n: 4, m: 8 },
  ]) {
    const run = (on: GpuMasks | CpuMasks) =>
      pruneNOfM(on, source, { axisLength, inner }, rule, { signal: never });
    const [own, wanted] = [await run(device), await run(reference)];
    expect(own.pruned?.mask).toEqual(wanted.pruned?.mask);
    expect(own.pruned?.prunedCount).toBe(wanted.pruned?.prunedCount);
  }
});
