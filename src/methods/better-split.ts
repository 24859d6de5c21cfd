/** Of the ways to factorize a kernel the one that errs less with as many values. */
import {
  type FactorizeSpec,
  largestUsefulRank,
  rankForBudget,
  type Split,
} from '../core/factorize-spec.ts';
import type { Spectrum } from './allocate-ranks.ts';

interface Ranked {
  readonly split: Split;
  /** 0: none serves. */
  readonly rank: number;
}

/** A wanted share of the energy counts as reached this near: float32 products are no better. */
const ENERGY_TOLERANCE = 2 ** -20;

/**
 * A rank is one by channel: a spatial split gets as many values. By energy the fewer values win, else
 * the less error; of a tie, the first.
 * - `K, N` — of the weight by channel
 */
export function betterSplit(
  spectra: ReadonlyMap<Split, Spectrum>,
  spec: FactorizeSpec,
  { K, N }: { readonly K: number; readonly N: number },
): Ranked {
  let best: (Ranked & { readonly cost: number }) | null = null;
  for (const [split, spectrum] of spectra) {
    const rank = inFours(rankOf(spectrum, spec, K + N), split, spec);
    if (rank < 1) continue;
    const values = rank * (spectrum.K + spectrum.N);
    const cost = spec.by === 'energy' ? values : lost(spectrum, rank);
    if (!best || cost < best.cost) best = { split, rank, cost };
  }
  return best ?? { split: [...spectra.keys()][0] ?? 'channel', rank: 0 };
}

/**
 * Channels between the two convolutions of a spatial split come in fours: on a software adapter
 * onnxruntime-web 1.30 computes convolutions of 6 channels to 32 wrongly on WebGPU (1 × 3 and 3 × 3;
 * 4, 8, 12 and 16 are right).
 */
export function inFours(rank: number, split: Split, { by }: Pick<FactorizeSpec, 'by'>): number {
  if (split === 'channel') return rank;
  return 4 * (by === 'energy' ? Math.ceil(rank / 4) : Math.floor(rank / 4));
}

function rankOf({ K, N, energies, total }: Spectrum, spec: FactorizeSpec, perRank: number): number {
  const useful = Math.min(energies.length, largestUsefulRank(K, N));
  if (spec.by === 'budget') return Math.min(useful, rankForBudget(K, N, spec.share));
  if (spec.by === 'rank') return Math.min(useful, Math.floor((spec.rank * perRank) / (K + N)));
  let kept = 0;
  for (let rank = 1; rank <= useful; rank++) {
    kept += energies[rank - 1] as number;
    if (kept >= (spec.energy - ENERGY_TOLERANCE) * total) return rank;
  }
  return 0;
}

function lost({ energies, total }: Spectrum, rank: number): number {
  const kept = energies.subarray(0, rank).reduce((sum, value) => sum + value, 0);
  return total > 0 ? 1 - kept / total : 0;
}
