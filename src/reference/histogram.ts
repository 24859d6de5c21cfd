const f = Math.fround;

/** Bins a unit as the kernel is given it: `bins / (2 · bound)`, rounded to float32. */
export const binsPerUnit = (bins: number, bound: number): number => f(bins / f(2 * bound));

/** CPU definition of `shaders/histogram.wgsl`: counts in `bins` equal bins over [-bound, bound]. */
export function histogram(values: Float32Array, bins: number, bound: number): Uint32Array {
  const counts = new Uint32Array(bins);
  const perUnit = binsPerUnit(bins, bound);
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const position = f(f(value + f(bound)) * perUnit);
    counts[Math.floor(Math.min(Math.max(position, 0), bins - 1))]! += 1;
  }
  return counts;
}
