import { beginSearch, narrow } from '../reference/magnitude-search.ts';

/** Up to so many, each is held against every other. */
const FEW = 32;

/**
 * Sets 1 where the `count` smallest scores are, of equals the earlier.
 * - `scores` — float32, no less than 0 and no NaN
 */
export function markSmallest(scores: Float32Array, count: number, marks: Uint8Array): void {
  if (count === 0) return;
  if (scores.length <= FEW) {
    for (let i = 0; i < scores.length; i++) if (rankOf(scores, i) < count) marks[i] = 1;
    return;
  }
  // Of floats that are not negative, bits order as values do.
  const bits = new Uint32Array(scores.slice().buffer);
  let search = beginSearch(count);
  while (search.digit) search = narrow(search, countsOf(bits, search.digit));
  const { threshold, ties } = search.result ?? { threshold: 0, ties: 0 };
  let left = ties;
  for (let i = 0; i < bits.length; i++) {
    const own = bits[i] as number;
    if (own < threshold || (own === threshold && left-- > 0)) marks[i] = 1;
  }
}

function rankOf(scores: Float32Array, at: number): number {
  const own = scores[at] as number;
  let rank = 0;
  for (let i = 0; i < scores.length; i++) {
    const other = scores[i] as number;
    if (other < own || (other === own && i < at)) rank += 1;
  }
  return rank;
}

type Digit = NonNullable<ReturnType<typeof beginSearch>['digit']>;

function countsOf(bits: Uint32Array, { shift, digitBits, prefix }: Digit): Uint32Array {
  const counts = new Uint32Array(1 << digitBits);
  for (let i = 0; i < bits.length; i++) {
    const above = (bits[i] as number) >>> shift;
    if (above >>> digitBits !== prefix) continue;
    const digit = above & ((1 << digitBits) - 1);
    counts[digit] = (counts[digit] as number) + 1;
  }
  return counts;
}
