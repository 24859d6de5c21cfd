/** Statistics of measurements: every interval is two-sided at 95 % and names its source. */
import { assert } from '../core/assert.ts';
import type { Interval } from './report.ts';

/** 97.5 % quantile of the standard normal distribution. */
const Z95 = 1.959963984540054;

/** Fewer pairs give no distribution-free 95 % interval for a median: 2 · 2⁻⁵ is over 5 %. */
const MEDIAN_INTERVAL_MINIMUM = 6;

export function mean(values: readonly number[]): number {
  assert(values.length > 0, 'mean of no values');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The value below which `fraction` of `values` lie, interpolated linearly between order statistics
 * (R's type 7, NumPy's default).
 */
export function percentile(values: readonly number[], fraction: number): number {
  assert(values.length > 0, 'percentile of no values');
  assert(fraction >= 0 && fraction <= 1, `percentile fraction ${fraction} outside 0 to 1`);
  const sorted = ascending(values);
  const position = fraction * (sorted.length - 1);
  const below = Math.floor(position);
  const low = at(sorted, below);
  const high = at(sorted, Math.min(below + 1, sorted.length - 1));
  return low + (position - below) * (high - low);
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/**
 * Wilson's score interval of a proportion.
 * @see Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953
 */
export function wilsonInterval(successes: number, total: number): Interval {
  assert(total > 0 && successes >= 0 && successes <= total, `proportion ${successes} of ${total}`);
  const share = successes / total;
  const z2 = Z95 * Z95;
  const centre = share + z2 / (2 * total);
  const half = Z95 * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total * total));
  const scale = 1 + z2 / total;
  // At the ends the exact bound is 0 or 1; rounding would miss it by an ulp.
  return {
    low: successes === 0 ? 0 : (centre - half) / scale,
    high: successes === total ? 1 : (centre + half) / scale,
  };
}

/** How two answers to the same rows fell: the 2 × 2 table of a paired comparison. */
export interface PairedCounts {
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly neither: number;
}

/**
 * First minus second proportion of the same rows, with Newcombe's square-and-add interval
 * (method 10), which stays inside [−1, 1] and keeps a width when no row is discordant.
 * @see Newcombe 1998, Statistics in Medicine 17:2635; recommended by Fagerland et al. 2014,
 * https://doi.org/10.1002/sim.6148
 */
export function pairedDifference(counts: PairedCounts): { value: number; interval: Interval } {
  const { both, onlyFirst, onlySecond, neither } = counts;
  const total = both + onlyFirst + onlySecond + neither;
  assert(total > 0, 'paired difference of no rows');
  const first = both + onlyFirst;
  const second = both + onlySecond;
  const p1 = first / total;
  const p2 = second / total;
  const wilson1 = wilsonInterval(first, total);
  const wilson2 = wilsonInterval(second, total);
  const phi = correctedPhi(counts, total);
  const reach = (a: number, b: number) => Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b));
  const value = (onlyFirst - onlySecond) / total;
  return {
    value,
    interval: {
      low: value - reach(p1 - wilson1.low, wilson2.high - p2),
      high: value + reach(p2 - wilson2.low, wilson1.high - p1),
    },
  };
}

/** Newcombe's continuity-corrected correlation of a 2 × 2 table; 0 where a margin is empty. */
function correctedPhi(counts: PairedCounts, total: number): number {
  const { both: a, onlyFirst: b, onlySecond: c, neither: d } = counts;
  const margins = (a + b) * (c + d) * (a + c) * (b + d);
  if (margins === 0) return 0;
  const cross = a * d - b * c;
  const corrected = cross > 0 ? Math.max(cross - total / 2, 0) : cross;
  return corrected / Math.sqrt(margins);
}

/**
 * Median of `values` with the narrowest interval between symmetric order statistics whose
 * coverage is at least 95 % whatever the distribution; null below six values.
 * @see Conover, Practical Nonparametric Statistics, 3rd ed., §3.2
 */
export function medianWithInterval(
  values: readonly number[],
): { median: number; interval: Interval } | null {
  if (values.length < MEDIAN_INTERVAL_MINIMUM) return null;
  const sorted = ascending(values);
  const rank = lowerRank(sorted.length);
  return {
    median: median(sorted),
    interval: { low: at(sorted, rank - 1), high: at(sorted, sorted.length - rank) },
  };
}

/** The largest r ≥ 1 with P(Binomial(n, ½) ≤ r − 1) ≤ 2.5 %. */
function lowerRank(count: number): number {
  // Logarithms: 2⁻ⁿ underflows from n = 1075 on.
  let logTerm = -count * Math.LN2;
  let cumulative = Math.exp(logTerm);
  let rank = 0;
  while (cumulative <= 0.025) {
    rank++;
    logTerm += Math.log((count - rank + 1) / rank);
    cumulative += Math.exp(logTerm);
  }
  return rank;
}

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

function at(values: readonly number[], index: number): number {
  const value = values[index];
  assert(value !== undefined, `order statistic ${index} of ${values.length}`);
  return value;
}
