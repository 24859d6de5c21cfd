/** Correlations of paired values; 0 where one side does not vary, which correlates with nothing. */
import { assert } from '../core/assert.ts';

/** Pearson's r of `a` and `b`, from centred sums in float64. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const count = a.length;
  assert(count > 0 && b.length === count, `${count} and ${b.length} values`);
  let meanA = 0;
  let meanB = 0;
  for (let index = 0; index < count; index++) {
    meanA += (a[index] ?? 0) / count;
    meanB += (b[index] ?? 0) / count;
  }
  let product = 0;
  let squareA = 0;
  let squareB = 0;
  for (let index = 0; index < count; index++) {
    const x = (a[index] ?? 0) - meanA;
    const y = (b[index] ?? 0) - meanB;
    product += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  if (squareA === 0 || squareB === 0) return 0;
  return Math.min(1, Math.max(-1, product / Math.sqrt(squareA) / Math.sqrt(squareB)));
}

/** Spearman's ρ: Pearson's r of the ranks, ties at their mean rank (as `scipy.stats.spearmanr`). */
export const spearman = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  pearson(ranks(a), ranks(b));

/** Ranks from 1, equal values at the mean of theirs. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const count = values.length;
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  order.sort((i, j) => (values[i] ?? 0) - (values[j] ?? 0));
  const ranked = new Float64Array(count);
  const at = (position: number) => values[order[position] ?? 0];
  for (let start = 0; start < count; ) {
    let end = start + 1;
    while (end < count && at(end) === at(start)) end++;
    for (let position = start; position < end; position++) {
      ranked[order[position] ?? 0] = (start + end + 1) / 2;
    }
    start = end;
  }
  return ranked;
}
