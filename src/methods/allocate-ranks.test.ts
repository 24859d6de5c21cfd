import { expect, test } from 'vitest';
import { largestUsefulRank, rankForBudget } from '../core/factorize-spec.ts';
import { seededRandom } from '../core/random.ts';
import { allocateRanks, type Spectrum } from './allocate-ranks.ts';

/** Energies that fall off as `decay` to the power of the place. */
function spectrum(K: number, N: number, decay: number, scale = 1): Spectrum {
  const all = Float64Array.from({ length: Math.min(K, N) }, (_, k) => scale * decay ** k);
  const total = all.reduce((sum, value) => sum + value, 0);
  return { K, N, total, energies: all.slice(0, largestUsefulRank(K, N)) };
}

const parameters = ({ K, N }: Spectrum, rank: number) => (rank === 0 ? K * N : rank * (K + N));

/** Share of its energy that a weight loses. */
function errorOf({ energies, total }: Spectrum, rank: number): number {
  if (rank === 0) return 0;
  const kept = energies.subarray(0, rank).reduce((sum, value) => sum + value, 0);
  return (total - kept) / total;
}

/** As the error grows or shrinks beside what the same share of each weight leaves, squared. */
function penaltyOf(it: Spectrum, rank: number, share: number): number {
  const even = errorOf(it, Math.max(1, rankForBudget(it.K, it.N, share)));
  return (errorOf(it, rank) / (even > 1e-7 ? even : 1)) ** 2;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test('stays within the budget, and beats the same share for each weight', () => {
  const random = seededRandom(3);
  for (let round = 0; round < 40; round++) {
    const spectra = Array.from({ length: 2 + random.below(6) }, () =>
      spectrum(20 + random.below(60), 20 + random.below(60), 0.5 + random.uniform() / 2),
    );
    const share = 0.2 + 0.6 * random.uniform();
    const ranks = allocateRanks(spectra, share);
    const used = sum(spectra.map((it, at) => parameters(it, ranks[at] as number)));
    expect(used).toBeLessThanOrEqual(share * sum(spectra.map(({ K, N }) => K * N)));
    const each = spectra.map(({ K, N }) => Math.max(1, rankForBudget(K, N, share)));
    const own = sum(spectra.map((it, at) => penaltyOf(it, ranks[at] as number, share)));
    const even = sum(spectra.map((it, at) => penaltyOf(it, each[at] as number, share)));
    // At most one rank of a weight is left that fits no more.
    expect(own).toBeLessThanOrEqual(even + 0.02);
    for (const [at, rank] of ranks.entries()) {
      expect(rank).toBeLessThanOrEqual(spectra[at]?.energies.length ?? 0);
    }
  }
});

test('small cases: nothing within the budget is better by more than the last move', () => {
  const spectra = [spectrum(6, 9, 0.5), spectrum(8, 8, 0.9), spectrum(5, 12, 0.7)];
  const budget = Math.floor(0.7 * sum(spectra.map(({ K, N }) => K * N)));
  const choices = spectra.map(({ energies }) => [0, ...Array.from(energies, (_, k) => k + 1)]);
  let best = Number.POSITIVE_INFINITY;
  for (const a of choices[0] ?? []) {
    for (const b of choices[1] ?? []) {
      for (const c of choices[2] ?? []) {
        const ranks = [a, b, c];
        const used = sum(spectra.map((it, at) => parameters(it, ranks[at] as number)));
        if (used > budget) continue;
        best = Math.min(
          best,
          sum(spectra.map((it, at) => penaltyOf(it, ranks[at] as number, 0.7))),
        );
      }
    }
  }
  const ranks = allocateRanks(spectra, 0.7);
  const own = sum(spectra.map((it, at) => penaltyOf(it, ranks[at] as number, 0.7)));
  expect(own).toBeGreaterThanOrEqual(best - 1e-12);
  expect(own).toBeLessThanOrEqual(best + 0.15);
});

test('a weight without low-rank structure stays whole where others pay for it', () => {
  const spectra = [spectrum(64, 64, 0.2), spectrum(64, 64, 1)];
  expect(allocateRanks(spectra, 0.75)[1]).toBe(0);
  expect(allocateRanks(spectra, 0.75)[0]).toBeGreaterThan(3);
});

test('the scale of a weight does not matter, every weight keeps rank 1, and zeros cost nothing', () => {
  const [a, b] = [spectrum(30, 40, 0.8), spectrum(50, 20, 0.9)];
  expect(allocateRanks([a, { ...spectrum(50, 20, 0.9, 1e6) }], 0.5)).toEqual(
    allocateRanks([a, b], 0.5),
  );
  expect(allocateRanks([a, b], 0.01)).toEqual([1, 1]);
  const zeros = { K: 10, N: 10, total: 0, energies: new Float64Array(4) };
  expect(allocateRanks([zeros, a], 0.5)[0]).toBeGreaterThanOrEqual(1);
});

test('a weight whose inputs have a large mean is not taken for one of low rank', () => {
  const plain = spectrum(64, 64, 0.98);
  const [first = 0] = plain.energies;
  const grown = plain.energies.map((energy, at) => (at === 0 ? 1e4 * first : energy));
  const mean = { ...plain, energies: grown, total: plain.total + (1e4 - 1) * first };
  expect(allocateRanks([mean, plain], 0.6)).toEqual(allocateRanks([plain, plain], 0.6));
});
