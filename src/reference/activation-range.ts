/**
 * From the values of an activation over calibration rows to the range that 8 bits shall cover, as
 * ONNX Runtime's calibrators choose it. Ranges are clamped to the values that were seen.
 */

import type { Histogram } from '../core/value-histogram.ts';

const f = Math.fround;

export interface ActivationRange {
  readonly min: number;
  readonly max: number;
}

const within = (low: number, high: number, seen: ActivationRange): ActivationRange => ({
  min: Math.max(low, seen.min),
  max: Math.min(high, seen.max),
});

/** ±max|x| that holds `percent` of |x|: the left edge of the bin that reaches it. */
export function percentileOfMagnitudes(
  magnitudes: Histogram,
  percent: number,
  seen: ActivationRange,
): ActivationRange {
  const edge = magnitudes.edges[firstReaching(magnitudes.counts, percent / 100)]!;
  return within(-edge, edge, seen);
}

/** What remains when each tail loses half of what `percent` leaves out. */
export function percentileOfValues(
  values: Histogram,
  percent: number,
  seen: ActivationRange,
): ActivationRange {
  const { counts, edges } = values;
  const tail = (100 - percent) / 200;
  const low = edges[firstReaching(counts, tail)]!;
  const high = edges[firstReaching(counts, 1 - tail)]!;
  return within(low, high, seen);
}

/** The first bin up to which the share of all counts is at least `share`; the number of bins if none. */
function firstReaching(counts: ArrayLike<number>, share: number): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i]!;
  let reached = 0;
  for (let i = 0; i < counts.length; i++) {
    reached += counts[i]! / total;
    if (reached >= share) return i;
  }
  return counts.length;
}

/**
 * The range whose quantized distribution has the least Kullback-Leibler divergence from that of the
 * values beyond it clipped to its ends; candidates grow from the middle, the first of equals counts.
 * - `values` — over [-t, t]
 * - `levels` — bins that codes make, at most the number of bins
 * @see TensorRT's 8-bit calibration; ONNX Runtime's `EntropyCalibrater`
 */
export function entropyRange(
  { counts, edges }: Histogram,
  levels: number,
  seen: ActivationRange,
): ActivationRange {
  const bins = counts.length;
  const middle = Math.floor(bins / 2);
  let best = { low: edges[0]!, high: edges[bins]! };
  let least: number | null = null;
  for (let half = Math.floor(levels / 2); half <= middle; half++) {
    const start = middle - half;
    const end = Math.min(middle + half + 1, bins);
    const divergence = clippedDivergence(counts, start, end, levels);
    if (least !== null && !(divergence < least)) continue;
    least = divergence;
    best = { low: edges[start]!, high: edges[end]! };
  }
  return within(best.low, best.high, seen);
}

function clippedDivergence(
  counts: ArrayLike<number>,
  start: number,
  end: number,
  levels: number,
): number {
  const length = end - start;
  const own = Float64Array.from({ length }, (_, i) => counts[start + i]!);
  const clipped = own.slice();
  for (let i = 0; i < start; i++) clipped[0]! += counts[i]!;
  for (let i = end; i < counts.length; i++) clipped[length - 1]! += counts[i]!;
  const expanded = new Float64Array(length);
  const width = Math.floor(length / levels);
  for (let level = 0; level < levels; level++) {
    const from = level * width;
    const to = level === levels - 1 ? length : from + width;
    let sum = 0;
    for (let i = from; i < to; i++) sum += own[i]!;
    let filled = 0;
    for (let i = from; i < from + width; i++) if (clipped[i] !== 0) filled++;
    // ONNX Runtime keeps the quotient as an integer, and leaves what no whole level covers at 0.
    if (filled > 0) expanded.fill(Math.trunc(sum / filled), from, from + width);
  }
  const p = smoothed(clipped);
  const q = smoothed(expanded);
  return p && q ? divergence(p, q) : Number.POSITIVE_INFINITY;
}

const EPSILON = 1e-4;

/** Zeros get a little of what the others have; null where that cannot be. */
function smoothed(counts: Float64Array): Float32Array | null {
  const zeros = counts.reduce((sum, count) => sum + (count === 0 ? 1 : 0), 0);
  const taken = (EPSILON * zeros) / (counts.length - zeros);
  if (zeros === counts.length || taken >= 1) return null;
  return Float32Array.from(counts, (count) =>
    count === 0 ? EPSILON : Math.fround(count) - Math.fround(taken),
  );
}

/** In float32 as the tool computes it: of candidates that differ by less, its choice is kept. */
function divergence(p: Float32Array, q: Float32Array): number {
  const [ofP, ofQ] = [pairwiseSum(p), pairwiseSum(q)];
  const terms = p.map((count, i) => {
    const [a, b] = [f(count / ofP), f(q[i]! / ofQ)];
    if (!(b > 0)) return Number.POSITIVE_INFINITY;
    return a > 0 ? f(a * f(Math.log(f(a / b)))) : 0;
  });
  return pairwiseSum(terms);
}

/** NumPy's order of summing float32. */
function pairwiseSum(values: Float32Array): number {
  const n = values.length;
  if (n > 128) {
    const half = Math.floor(n / 2) - (Math.floor(n / 2) % 8);
    return f(pairwiseSum(values.subarray(0, half)) + pairwiseSum(values.subarray(half)));
  }
  const lanes = new Float32Array(8);
  const whole = n - (n % 8);
  for (let i = 0; i < whole; i++) lanes[i % 8]! += values[i]!;
  const [a, b, c, d, e, g, h, i] = lanes as unknown as readonly number[];
  let sum = f(f(f(a! + b!) + f(c! + d!)) + f(f(e! + g!) + f(h! + i!)));
  for (let rest = whole; rest < n; rest++) sum = f(sum + values[rest]!);
  return sum;
}

/** 1, 0.99 … 0.21. */
const SHRINKS: readonly number[] = Array.from({ length: 80 }, (_, i) => 1 - i / 100);

/**
 * The range, shrunk by the factor of the least squared error of values taken to the middle of their
 * bins, the first of equals.
 * - `roundTrip` — a value quantized by the range's parameters and back
 */
export function squaredErrorRange(
  { counts, edges }: Histogram,
  seen: ActivationRange,
  roundTripFor: (range: ActivationRange) => (x: number) => number,
): ActivationRange {
  let best = seen;
  let least = Number.POSITIVE_INFINITY;
  for (const share of SHRINKS) {
    const range = { min: seen.min * share, max: seen.max * share };
    const roundTrip = roundTripFor(range);
    let error = 0;
    for (let i = 0; i < counts.length; i++) {
      const count = counts[i]!;
      if (count === 0) continue;
      const x = (edges[i]! + edges[i + 1]!) / 2;
      error += count * (x - roundTrip(x)) ** 2;
    }
    if (error >= least) continue;
    least = error;
    best = range;
  }
  return best;
}
