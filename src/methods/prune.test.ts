import { expect, test } from 'vitest';
import { CpuMasks } from './mask-device.ts';
import { pruneNOfM, pruneSmallest } from './prune.ts';
import { expectGoldens, never, sourceOf, spread, tied } from './testing/prune-cases.ts';

test.each([32, 2 ** 20])('every golden in tiles of %i', async (maxElements) => {
  await expectGoldens(new CpuMasks(maxElements));
});

test.each([
  [1, 10, 3],
  [3, 10, 1],
  [2, 7, 5],
  [1, 64, 9],
] as const)(
  '[%i, %i, %i]: tiles that cut slices change no mask',
  async (outer, axisLength, inner) => {
    const weight = tied(outer * axisLength * inner, 1);
    const rule = { n: 2, m: 4 };
    const masks = [];
    for (const maxElements of [4 * inner, 8 * inner, axisLength * inner, 2 ** 20]) {
      const device = new CpuMasks(maxElements);
      const shape = { axisLength, inner };
      const outcome = await pruneNOfM(device, sourceOf(weight), shape, rule, { signal: never });
      masks.push(outcome.pruned);
    }
    for (const mask of masks) {
      expect(mask?.mask).toEqual(masks[0]?.mask);
      expect(mask?.prunedCount).toBe(masks[0]?.prunedCount);
      expect(mask?.errors.sumSquaredError).toBeCloseTo(masks[0]?.errors.sumSquaredError ?? 0, 9);
    }
  },
);

test('a weight that is not finite fails by itself, and the others share what is asked', async () => {
  const broken = tied(40, 2);
  broken[7] = Number.NaN;
  const [a, b] = [tied(100, 3), tied(60, 4)];
  const sources = [sourceOf(a), sourceOf(broken, 'broken'), sourceOf(b)];
  const device = new CpuMasks(32);
  const own = await pruneSmallest(device, sources, 0.5, { signal: never });
  expect(own[1]?.failure?.message).toContain('broken holds 1 values');
  const without = await pruneSmallest(device, [sourceOf(a), sourceOf(b)], 0.5, { signal: never });
  expect([own[0], own[2]]).toEqual(without);
  expect((without[0]?.pruned?.prunedCount ?? 0) + (without[1]?.pruned?.prunedCount ?? 0)).toBe(80);
  const failed = await pruneNOfM(
    device,
    sourceOf(broken, 'broken'),
    { axisLength: 40, inner: 1 },
    {
      ...{ n: 2, m: 4 },
    },
    { signal: never },
  );
  expect(failed.failure?.message).toContain('broken holds 1 values');
});

test('groups wider than a tile are too large', async () => {
  const shape = { axisLength: 10, inner: 10 };
  const rule = { n: 2, m: 4 };
  const device = new CpuMasks(36);
  const outcome = await pruneNOfM(device, sourceOf(tied(100, 1)), shape, rule, { signal: never });
  expect(outcome.failure).toMatchObject({ code: 'too-large' });
});

test('progress grows to 1, nothing goes at 0, and a signal stops between tiles', async () => {
  const shares: number[] = [];
  const device = new CpuMasks(32);
  const source = sourceOf(tied(100, 5));
  const onProgress = (share: number) => shares.push(share);
  const [none] = await pruneSmallest(device, [source], 0, { signal: never, onProgress });
  expect(none && spread(none, 100).every((bit) => bit === 0)).toBe(true);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
  const signal = AbortSignal.abort();
  await expect(pruneSmallest(device, [source], 0.5, { signal })).rejects.toThrow('abort');
});
