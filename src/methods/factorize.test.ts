import { expect, test } from 'vitest';
import { largestUsefulRank, rankForBudget } from '../core/factorize-spec.ts';
import { CpuMatrices } from './cpu-matrices.ts';
import { factorize } from './factorize.ts';
import {
  decaying,
  energyShares,
  expectBest,
  factorsFor,
  never,
  relativeError,
  svdCases,
} from './testing/low-rank.ts';

/** As fast as a GPU claims to be, so that nothing is decomposed whole. */
class Sketching extends CpuMatrices {
  override readonly speed: number = 1e9;
}

/** So slow that everything is. */
class Whole extends CpuMatrices {
  override readonly speed: number = 1e-9;
}

const devices = [new Sketching(), new Whole()];
const device = new Sketching();

test.each(svdCases())('$name: within 1 % of the best error at every rank', async (matrix) => {
  expect(matrix.best.length).toBeGreaterThan(0);
  for (const [rank, best] of matrix.best) {
    for (const own of devices) {
      expectBest(matrix, await factorsFor(own, matrix, { by: 'rank', rank }), best);
    }
  }
});

test.each([
  [40, 130, 4],
  [130, 40, 4],
  [90, 90, 20],
] as const)('%i × %i: the smallest rank that keeps the energy', async (K, N, knee) => {
  const matrix = decaying(K, N, knee, 1);
  const shares = energyShares(matrix);
  const cap = largestUsefulRank(K, N);
  for (const [own, energy] of devices.flatMap((each) =>
    [0.5, 0.8, 0.9].map((share) => [each, share] as const),
  )) {
    const best = shares.findIndex((share) => share >= energy) + 1;
    const outcome = await factorize(
      own,
      matrix.name,
      matrix.values,
      matrix,
      { by: 'energy', energy },
      { seed: 3, signal: never },
    );
    if (best > cap) {
      expect(outcome.refusal?.largestUsefulRank).toBe(cap);
      expect(outcome.refusal?.energy).toBeCloseTo(shares[cap - 1] as number, 2);
      continue;
    }
    expect(outcome.factors?.rank).toBeGreaterThanOrEqual(best);
    expect(outcome.factors?.rank).toBeLessThanOrEqual(own instanceof Whole ? best : best + 1);
    const error = outcome.factors && relativeError(matrix, outcome.factors);
    expect(1 - (error ?? 1) ** 2).toBeGreaterThanOrEqual(energy - 2e-6);
  }
});

test('a budget gives its rank, and both factors have the same share of the energy', async () => {
  const matrix = decaying(48, 20, 3, 2);
  const { rank, a, b } = await factorsFor(device, matrix, { by: 'budget', share: 0.6 });
  expect(rank).toBe(rankForBudget(48, 20, 0.6));
  expect(a.length + b.length).toBeLessThanOrEqual(0.6 * 48 * 20);
  for (let r = 0; r < rank; r++) {
    const column = Array.from({ length: 48 }, (_, i) => a[i * rank + r] as number);
    const row = [...b.subarray(r * 20, (r + 1) * 20)];
    const length = (values: number[]) => Math.hypot(...values);
    expect(length(column) / length(row)).toBeCloseTo(1, 4);
  }
});

test('refuses what would not shrink, and values that are not finite', async () => {
  const options = { seed: 1, signal: never };
  const energy = { by: 'energy', energy: 0.5 } as const;
  const thin = await factorize(
    device,
    'w',
    new Float32Array(9).fill(1),
    { K: 1, N: 9 },
    energy,
    options,
  );
  expect(thin).toEqual({ factors: null, refusal: { largestUsefulRank: 0, energy: 0 } });
  const broken = Float32Array.of(1, Number.NaN, Infinity, 2);
  await expect(
    factorize(device, 'w', broken, { K: 2, N: 2 }, energy, options),
  ).rejects.toMatchObject({
    code: 'unsupported-model',
    message: expect.stringContaining('2 values'),
  });
});

test('is the same for a seed, in slabs too, and stops when told', async () => {
  const matrix = decaying(70, 50, 5, 4);
  const spec = { by: 'rank', rank: 7 } as const;
  const first = await factorsFor(device, matrix, spec);
  expect(await factorsFor(device, matrix, spec)).toEqual(first);
  expect(await factorsFor(new Sketching(2 ** 12), matrix, spec)).toEqual(first);
  const other = await factorsFor(device, matrix, spec, 2);
  expect(other.a).not.toEqual(first.a);
  expect(relativeError(matrix, other)).toBeCloseTo(relativeError(matrix, first), 3);
  const signal = AbortSignal.abort();
  await expect(
    factorize(device, 'w', matrix.values, matrix, spec, { seed: 1, signal }),
  ).rejects.toThrow('abort');
});

test('decomposes whole where that is less work', async () => {
  const matrix = decaying(40, 60, 5, 6);
  const spec = { by: 'rank', rank: 39 } as const;
  const [plain, whole] = [new CpuMatrices(), new Whole()];
  expect(await factorsFor(plain, matrix, spec)).toEqual(await factorsFor(whole, matrix, spec));
  const low = { by: 'rank', rank: 1 } as const;
  expect(await factorsFor(plain, matrix, low)).toEqual(await factorsFor(device, matrix, low));
});
