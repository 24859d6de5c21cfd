/**
 * CPU definition of `shaders/nearest-entries.wgsl`: for each value the entry of an ascending codebook
 * that is nearest; exactly between two the lower one. The middle between two entries is rounded to
 * float32.
 * - `values` — float32; `entries` — float32 [2^bits], ascending
 */
export function nearestEntries(
  values: Float32Array,
  entries: Float32Array,
): Uint8Array<ArrayBuffer> {
  const middles = middlesOf(entries);
  const codes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    let code = 0;
    for (let half = entries.length >> 1; half > 0; half >>= 1) {
      if (value > middles[code + half - 1]!) code += half;
    }
    codes[i] = code;
  }
  return codes;
}

/** float32 [entries − 1]: what a value must exceed for the next entry. */
export const middlesOf = (entries: Float32Array): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: entries.length - 1 }, (_, i) => (entries[i]! + entries[i + 1]!) / 2);
