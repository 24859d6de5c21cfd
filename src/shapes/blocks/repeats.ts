/** Where a row of kinds repeats: `count` times `period` kinds from `start`. */
export interface Repeat {
  readonly start: number;
  readonly period: number;
  readonly count: number;
}

/** More kinds of layers than any network takes turns with. */
const LONGEST_PERIOD = 8;

/**
 * The repeats of a row, as long as they come, without overlaps, in order. What is left on either
 * side of the longest one is looked at by itself.
 */
export function repeatsOf(kinds: readonly string[], from = 0, to = kinds.length): Repeat[] {
  let best: Repeat | null = null;
  for (let period = 1; period <= Math.min(LONGEST_PERIOD, (to - from) / 2); period++) {
    for (let start = from; start + 2 * period <= to; start++) {
      let end = start + period;
      while (end < to && kinds[end] === kinds[end - period]) end++;
      const count = Math.floor((end - start) / period);
      if (count > 1 && count * period > (best ? best.count * best.period : 0)) {
        best = { start, period, count };
      }
      // Any start before the first mismatch comes to the same one.
      start = Math.max(start, end - period);
    }
  }
  if (!best) return [];
  const end = best.start + best.count * best.period;
  return [...repeatsOf(kinds, from, best.start), best, ...repeatsOf(kinds, end, to)];
}
