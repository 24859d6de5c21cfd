import { expect, test } from 'vitest';
import type { Spectrum } from './allocate-ranks.ts';
import { betterSplit } from './better-split.ts';

/** [N, C, 3, 3] with N = 32, C = 16: by channel 144 × 32, spatially 96 × 48. */
const shape = { K: 144, N: 32 };
const spectrumOf = (K: number, N: number, decay: number): Spectrum => {
  const energies = Float64Array.from({ length: 20 }, (_, k) => decay ** k);
  return { K, N, energies, total: energies.reduce((sum, value) => sum + value, 0) };
};
const channel = (decay: number) => ['channel', spectrumOf(144, 32, decay)] as const;
const spatial = (decay: number) => ['spatial', spectrumOf(96, 48, decay)] as const;

test('the less error of the ranks that have as many values', () => {
  const spec = { by: 'rank', rank: 9 } as const;
  expect(betterSplit(new Map([channel(0.9), spatial(0.5)]), spec, shape)).toMatchObject({
    split: 'spatial',
    rank: 8, // of 11
  });
  expect(betterSplit(new Map([channel(0.5), spatial(0.9)]), spec, shape)).toMatchObject({
    ...{ split: 'channel', rank: 9 },
  });
  const budget = { by: 'budget', share: 0.3 } as const;
  expect(betterSplit(new Map([channel(0.9), spatial(0.8)]), budget, shape)).toMatchObject({
    split: 'spatial',
    rank: 8, // of 9
  });
});

test('by energy the fewer values, and none if no rank serves', () => {
  const energy = { by: 'energy', energy: 0.9 } as const;
  // Spatially 8 are taken, which are more values than 5 by channel.
  const both = new Map([channel(0.6), spatial(0.6)]);
  expect(betterSplit(both, energy, shape)).toMatchObject({ split: 'channel', rank: 5 });
  expect(betterSplit(new Map([channel(0.8), spatial(0.55)]), energy, shape)).toMatchObject({
    ...{ split: 'spatial', rank: 4 },
  });
  const flat = new Map([channel(1), spatial(1)]);
  const all = { by: 'energy', energy: 1 } as const;
  for (const [, spectrum] of flat) Object.assign(spectrum, { total: 100 });
  expect(betterSplit(flat, all, shape)).toMatchObject({ rank: 0 });
});
