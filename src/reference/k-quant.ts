import type { BlockParameters } from './block-parameters.ts';
import { clamp, nearestWhole } from './round.ts';

const STEPS = 20;

/**
 * Scale and zero point of a block by weighted least squares, as in llama.cpp's k-quants: for 21
 * grids around the block's range, the codes that they give, the line through (code, value) with
 * weights rms + |w|, its zero point as an integer, and the scale refitted to that. The grid with the
 * least weighted squared error stays.
 * - `values` — float32, finite
 * @see https://github.com/ggml-org/llama.cpp/pull/1684
 */
export function kQuantBlock(values: Float32Array, bits: number): BlockParameters {
  const top = 2 ** bits - 1;
  let [low, high, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const w of values) {
    low = Math.min(low, w);
    high = Math.max(high, w);
    squares += w * w;
  }
  const rms = Math.sqrt(squares / values.length);
  const weights = Float64Array.from(values, (w) => rms + Math.abs(w));
  // A block of one value is one step from a zero of 0.
  if (low === high) return { scale: low === 0 ? 1 : low, zeroPoint: 0 };
  const codes = new Float64Array(values.length);
  let best: BlockParameters = { scale: (high - low) / top, zeroPoint: 0 };
  let least = Number.POSITIVE_INFINITY;
  for (let step = -1; step < STEPS; step++) {
    const inverse = (top + (step < 0 ? 0 : step / 10 - 1)) / (high - low);
    for (let i = 0; i < codes.length; i++) {
      const q = nearestWhole(inverse * (values[i]! - low));
      codes[i] = q > top ? top : q;
    }
    const zero = fittedZero(values, weights, codes);
    if (!Number.isFinite(zero)) continue;
    const zeroPoint = clamp(nearestWhole(zero), 0, top);
    const scale = fittedScale(values, weights, codes, zeroPoint);
    if (!(scale > 0 && Number.isFinite(scale))) continue;
    const error = weightedError(values, weights, { scale, zeroPoint }, top);
    if (error < least) {
      least = error;
      best = { scale, zeroPoint };
    }
  }
  return best;
}

/** Where the line through (code, value) with the least weighted squared error has the value 0. */
function fittedZero(values: Float32Array, weights: Float64Array, codes: Float64Array): number {
  let sumW = 0;
  let sumX = 0;
  let sumL = 0;
  let sumLL = 0;
  let sumXL = 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    const l = codes[i]!;
    const w = weights[i]!;
    sumW += w;
    sumX += w * x;
    sumL += w * l;
    sumLL += w * l * l;
    sumXL += w * x * l;
  }
  return (sumL * sumXL - sumLL * sumX) / (sumW * sumXL - sumX * sumL);
}

/** The scale with the least weighted squared error for these codes and this zero point. */
function fittedScale(
  values: Float32Array,
  weights: Float64Array,
  codes: Float64Array,
  zeroPoint: number,
): number {
  let above = 0;
  let below = 0;
  for (let i = 0; i < values.length; i++) {
    const level = codes[i]! - zeroPoint;
    const weighted = weights[i]! * level;
    above += weighted * values[i]!;
    below += weighted * level;
  }
  return above / below;
}

function weightedError(
  values: Float32Array,
  weights: Float64Array,
  { scale, zeroPoint }: BlockParameters,
  top: number,
): number {
  const inverse = 1 / scale;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const w = values[i]!;
    const q = nearestWhole(w * inverse + zeroPoint);
    const error = w - ((q < 0 ? 0 : q > top ? top : q) - zeroPoint) * scale;
    sum += weights[i]! * error * error;
  }
  return sum;
}
