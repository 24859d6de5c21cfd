/** What it means to factorize one matrix [K, N] into A [K, rank] and B [rank, N]. */
import { floorOfShare } from './share.ts';

export type FactorizeSpec =
  | { readonly by: 'rank'; readonly rank: number }
  /** The smallest rank whose squared singular values make up this share of all, in (0, 1]. */
  | { readonly by: 'energy'; readonly energy: number }
  /** The largest rank whose factors have at most this share of the matrix's elements, in (0, 1]. */
  | { readonly by: 'budget'; readonly share: number };

/**
 * What factors are the best ones by: the values; the values by the mean magnitude of their inputs; or
 * what the layer puts out for its inputs.
 */
export type FactorMetric = 'plain' | 'asvd' | 'svd-llm';

/** How a kernel of a convolution is factorized; everything else is by channel. */
export type Split = 'channel' | 'spatial';

/** A rank that a run found: by channel, or of a spatial split. 0: none serves. */
export type FoundRank = number | { readonly spatial: number };

/** The largest rank with rank · (K + N) ≤ share · K · N, exactly; `share` as in `floorOfShare`. */
export const rankForBudget = (K: number, N: number, share: number): number =>
  floorOfShare(share, K * N, K + N);

/** The largest rank whose factors have fewer elements than the matrix; 0 if there is none. */
export const largestUsefulRank = (K: number, N: number): number => Math.ceil((K * N) / (K + N)) - 1;
