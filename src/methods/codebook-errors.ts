/** What values lose to the entries that stand for them. */
import type { ErrorStatistics } from '../core/quantize-spec.ts';
import type { PaletteShape } from './block-device.ts';

type Values = Float32Array<ArrayBuffer>;

/**
 * By palette, Σ of its values' squared errors, each as much as its input counts.
 * - `levels` — float32 [palettes, size]; `codes` — of each value, in its palette
 * - `counts` — float64, one for each input; null for all alike
 */
export function lossesOf(
  values: Values,
  { channels, inner, sharing, size }: PaletteShape,
  levels: Values,
  codes: Uint8Array,
  counts: Float64Array | null,
): Float64Array {
  const losses = new Float64Array(levels.length / size);
  for (let i = 0, input = 0; i < values.length; input += inner) {
    for (let channel = 0; channel < channels; channel++) {
      const palette = Math.floor(channel / sharing);
      let loss = 0;
      for (let j = 0; j < inner; j++, i++) {
        const error =
          (values[i] as number) - (levels[palette * size + (codes[i] as number)] as number);
        loss += (counts ? (counts[input + j] as number) : 1) * error * error;
      }
      losses[palette] = (losses[palette] as number) + loss;
    }
  }
  return losses;
}

/** The palette of value `i`. */
export const paletteOf = ({ channels, inner, sharing }: PaletteShape, i: number): number =>
  Math.floor(Math.floor((i % (channels * inner)) / inner) / sharing);

/** Of every value; arguments as of `lossesOf`. */
export const paletteErrors = (
  values: Values,
  shape: PaletteShape,
  levels: Values,
  codes: Uint8Array,
): ErrorStatistics =>
  errorsBeside(values, (i) => {
    return levels[paletteOf(shape, i) * shape.size + (codes[i] as number)] as number;
  });

/** - `stored` — what stands for the value of an index */
export function errorsBeside(values: Values, stored: (index: number) => number): ErrorStatistics {
  let [sumSquares, sumSquaredError, maxAbsError] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const w = values[i] as number;
    const error = Math.abs(w - Math.fround(stored(i)));
    sumSquares += w * w;
    sumSquaredError += error * error;
    if (error > maxAbsError) maxAbsError = error;
  }
  return { sumSquares, sumSquaredError, maxAbsError };
}
