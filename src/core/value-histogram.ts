/** How many values lie where, in equal bins. */
export interface Histogram {
  readonly counts: ArrayLike<number>;
  /** One more than counts, ascending; the last bin holds its right edge too. */
  readonly edges: Float32Array;
}

/** Equal bins over [low, high]. */
export function binEdges(low: number, high: number, bins: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: bins + 1 }, (_, i) =>
    i === bins ? high : low + (i * (high - low)) / bins,
  );
}

/** Adds how many of `values` each bin of `edges` holds to `counts`; values outside are not counted. */
export function countValues(values: Float32Array, edges: Float32Array, counts: Float64Array): void {
  const bins = counts.length;
  const low = edges[0] as number;
  const high = edges[bins] as number;
  const perBin = bins / (high - low || 1);
  for (const x of values) {
    if (!(x >= low && x <= high)) continue;
    let bin = Math.min(Math.trunc((x - low) * perBin), bins - 1);
    // The quotient may be off by one where a value lies on an edge.
    if (x < (edges[bin] as number)) bin--;
    else if (bin < bins - 1 && x >= (edges[bin + 1] as number)) bin++;
    counts[bin] = (counts[bin] as number) + 1;
  }
}
