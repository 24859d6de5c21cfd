/**
 * 1-D k-means, exactly by dynamic programming where a weight has few distinct values; else on
 * groups of neighbours that are far smaller than any cluster, and then by Lloyd's steps.
 */
import { ascendingOrder, sortedAscending } from './radix-sort.ts';

/** Points of the dynamic program: its time grows with them, its error falls with their square. */
const POINTS = 4096;
const LLOYD_STEPS = 10;
const MOST_PASSES = 12;

/** Weighted points in ascending order. */
interface Points {
  readonly count: number;
  /** float64 [count + 1], sums before each: of weights, of values and of their squares. */
  readonly weights: Float64Array;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

/** Ascending; what each counts, null for all alike. */
interface Sorted {
  readonly values: Float32Array;
  readonly weights: Float64Array | null;
}

export interface KMeansOptions {
  /** float64, above 0: what the squared distance of each value counts; null for all alike. */
  readonly weights?: Float64Array | null;
  /** Bounds the dynamic program. */
  readonly points?: number;
}

/**
 * The k values, ascending, that make the (weighted) sum of squared distances to the nearest one
 * least. Of fewer distinct values, those, the last one repeated.
 * - `values` — float32, finite, at least one
 * @see https://journal.r-project.org/archive/2011/RJ-2011-015/ (Wang and Song 2011)
 * @see https://arxiv.org/abs/2306.07629 (SqueezeLLM, which weighs values by what they do)
 */
export function kMeans(
  values: Float32Array,
  k: number,
  { weights = null, points = POINTS }: KMeansOptions = {},
): Float64Array<ArrayBuffer> {
  const given = weights
    ? sortedTogether(values, weights)
    : { values: sortedAscending(values), weights: null };
  const { values: sorted } = given;
  const mean = meanOf(given);
  const ends = endsOfPoints(given, mean, points);
  const isExact = sorted.length === ends.at(-1) && ends.length <= points && areAlike(sorted, ends);
  const starts = bestStarts(pointsOf(given, ends, mean), k);
  const cuts = starts.map((start) => (start === 0 ? 0 : (ends[start - 1] ?? 0)));
  const clusters = new Clusters(given, cuts);
  for (let step = 0; step < LLOYD_STEPS && !isExact; step++) {
    if (!clusters.move(cutsOf(sorted, clusters.means()))) break;
  }
  const centroids = clusters.means();
  const filled = new Float64Array(k).fill(centroids.at(-1) ?? 0);
  filled.set(centroids);
  return filled;
}

/** Values by size; equal ones in their order. */
function sortedTogether(values: Float32Array, weights: Float64Array): Sorted {
  const order = ascendingOrder(values);
  return {
    values: Float32Array.from(order, (at) => values[at]!),
    weights: Float64Array.from(order, (at) => weights[at]!),
  };
}

function meanOf({ values, weights }: Sorted): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const weight = weights ? weights[i]! : 1;
    sum += weight * values[i]!;
    total += weight;
  }
  return sum / total;
}

/**
 * Where the runs of neighbours end that are taken as one point: runs of equal values if those are
 * few, else runs that have the same inertia each, as the cells of a good quantizer do, so that every
 * cluster will have as many points.
 */
function endsOfPoints({ values: sorted, weights }: Sorted, mean: number, most: number): number[] {
  const alike: number[] = [];
  for (let i = 1; i <= sorted.length && alike.length <= most; i++) {
    if (sorted[i] !== sorted[i - 1]) alike.push(i);
  }
  if (alike.length <= most) return alike;
  let inertia = 0;
  for (let i = 0; i < sorted.length; i++) {
    inertia += (weights ? weights[i]! : 1) * (sorted[i]! - mean) ** 2;
  }
  let limit = inertia / most ** 3; // a uniform spread cut in m has m³ times the inertia of a piece
  let found: number[] = [];
  for (let pass = 0; pass < MOST_PASSES || found.length === 0; pass++) {
    const ends = runsBelow({ values: sorted, weights }, limit, 2 * most);
    if (ends.length <= most) found = ends;
    if (ends.length <= most && ends.length > 0.8 * most) break;
    limit *= (ends.length / (0.9 * most)) ** 3;
  }
  return found;
}

/** The longest runs, from the left, with an inertia of at most `limit`; stops at `most` of them. */
function runsBelow({ values: sorted, weights }: Sorted, limit: number, most: number): number[] {
  const ends: number[] = [];
  let first = sorted[0]!;
  let [count, sum, squares] = [0, 0, 0];
  for (let i = 0; i < sorted.length && ends.length < most; i++) {
    const x = sorted[i]! - first;
    const weight = weights ? weights[i]! : 1;
    count += weight;
    sum += weight * x;
    squares += weight * x * x;
    if (squares - (sum * sum) / count <= limit || sorted[i] === sorted[i - 1]) continue;
    ends.push(i);
    first = sorted[i]!;
    [count, sum, squares] = [weight, 0, 0];
  }
  ends.push(sorted.length);
  return ends;
}

/** Whether every point is one value. */
const areAlike = (sorted: Float32Array, ends: readonly number[]): boolean =>
  ends.every((end, i) => sorted[end - 1] === sorted[i === 0 ? 0 : (ends[i - 1] ?? 0)]);

/** Sums about the mean, so that differences of squares lose nothing. */
function pointsOf(
  { values: sorted, weights: own }: Sorted,
  ends: readonly number[],
  mean: number,
): Points {
  const count = ends.length;
  const weights = new Float64Array(count + 1);
  const sums = new Float64Array(count + 1);
  const squares = new Float64Array(count + 1);
  let from = 0;
  ends.forEach((end, i) => {
    let [total, sum, square] = [0, 0, 0];
    for (let at = from; at < end; at++) {
      const x = sorted[at]! - mean;
      const weight = own ? own[at]! : 1;
      total += weight;
      sum += weight * x;
      square += weight * x * x;
    }
    weights[i + 1] = weights[i]! + total;
    sums[i + 1] = sums[i]! + sum;
    squares[i + 1] = squares[i]! + square;
    from = end;
  });
  return { count, weights, sums, squares };
}

/**
 * The first point of each of at most `k` clusters: `cost(c, j) = min over i of cost(c − 1, i) +
 * within(i, j)`, where the best i grows with j, so that halving finds all in O(k n log n).
 */
function bestStarts({ count, weights, sums, squares }: Points, k: number): number[] {
  const clusters = Math.min(k, count);
  const within = (start: number, end: number): number => {
    const sum = sums[end]! - sums[start]!;
    const square = squares[end]! - squares[start]!;
    return Math.max(0, square - (sum * sum) / (weights[end]! - weights[start]!));
  };
  let before = Float64Array.from({ length: count + 1 }, (_, end) => (end ? within(0, end) : 0));
  const chosen: Int32Array[] = [new Int32Array(count + 1)];
  for (let cluster = 1; cluster < clusters; cluster++) {
    const costs = new Float64Array(count + 1).fill(Number.POSITIVE_INFINITY);
    const starts = new Int32Array(count + 1);
    const halve = (low: number, high: number, least: number, most: number): void => {
      if (low > high) return;
      const end = (low + high) >> 1;
      let best = least;
      for (let start = least; start <= Math.min(most, end - 1); start++) {
        const cost = before[start]! + within(start, end);
        if (cost < costs[end]!) {
          costs[end] = cost;
          best = start;
        }
      }
      starts[end] = best;
      halve(low, end - 1, least, best);
      halve(end + 1, high, best, most);
    };
    halve(cluster + 1, count, cluster, count - 1);
    before = costs;
    chosen.push(starts);
  }
  const result: number[] = [];
  for (let cluster = clusters - 1, end = count; cluster >= 0; cluster--) {
    end = chosen[cluster]![end]!;
    result.unshift(end);
  }
  return result;
}

/** The sorted values between each cut and the next. A cut that moves costs what it passes. */
class Clusters {
  readonly #sorted: Sorted;
  readonly #cuts: number[];
  readonly #totals: Float64Array;
  readonly #sums: Float64Array;

  /** - `cuts` — the first value of each cluster, ascending from 0 */
  constructor(sorted: Sorted, cuts: readonly number[]) {
    this.#sorted = sorted;
    this.#cuts = [...cuts];
    this.#totals = new Float64Array(cuts.length);
    this.#sums = new Float64Array(cuts.length);
    for (const [cluster, from] of cuts.entries()) {
      this.#add(cluster, from, cuts[cluster + 1] ?? sorted.values.length, 1);
    }
  }

  /** Whether any cut moved. */
  move(cuts: readonly number[]): boolean {
    let isMoved = false;
    for (const [cluster, to] of cuts.entries()) {
      const from = this.#cuts[cluster]!;
      if (to === from) continue;
      isMoved = true;
      const [first, end, sign] = to > from ? [from, to, 1] : [to, from, -1];
      this.#add(cluster - 1, first, end, sign);
      this.#add(cluster, first, end, -sign);
      this.#cuts[cluster] = to;
    }
    return isMoved;
  }

  /** Of each; of an empty one, that before it. */
  means(): Float64Array<ArrayBuffer> {
    const { values } = this.#sorted;
    const means = new Float64Array(this.#cuts.length);
    for (const [cluster, from] of this.#cuts.entries()) {
      const isEmpty = from >= (this.#cuts[cluster + 1] ?? values.length);
      means[cluster] = isEmpty
        ? (means[cluster - 1] ?? values[0]!)
        : this.#sums[cluster]! / this.#totals[cluster]!;
    }
    return means;
  }

  #add(cluster: number, first: number, end: number, sign: number): void {
    const { values, weights } = this.#sorted;
    let [total, sum] = [0, 0];
    for (let at = first; at < end; at++) {
      const weight = weights ? weights[at]! : 1;
      total += weight;
      sum += weight * values[at]!;
    }
    this.#totals[cluster] = this.#totals[cluster]! + sign * total;
    this.#sums[cluster] = this.#sums[cluster]! + sign * sum;
  }
}

/** The first sorted value that is nearer to each centroid than to the one before. */
function cutsOf(sorted: Float32Array, centroids: Float64Array): number[] {
  return Array.from(centroids, (centroid, i) => {
    if (i === 0) return 0;
    const threshold = (centroids[i - 1]! + centroid) / 2;
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! > threshold) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}
