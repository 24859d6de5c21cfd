/** Quantization to 8 bits with one range known beforehand: ONNX Runtime's `quantize_static`. */
import { clamp, roundHalfEven } from './round.ts';

const f = Math.fround;
const SMALLEST_NORMAL = 2 ** -126;

export interface Int8Type {
  readonly signed: boolean;
  readonly symmetric: boolean;
  /** ONNX Runtime's `reduce_range`: 7 bits of range. */
  readonly reducedRange?: boolean;
}

export interface Int8Parameters {
  /** A float32 value above 0. */
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Values that codes may take, by type. */
export function int8Levels({ signed, symmetric, reducedRange = false }: Int8Type): {
  readonly low: number;
  readonly high: number;
} {
  if (reducedRange) return signed ? { low: -64, high: 64 } : { low: 0, high: 127 };
  if (!signed) return { low: 0, high: 255 };
  return symmetric ? { low: -127, high: 127 } : { low: -128, high: 127 };
}

/**
 * Scale and zero point for values in [min, max], widened to contain 0: the scale in float64 from a
 * float32 difference, then rounded to float32; below the smallest normal it is 1.
 */
export function int8Parameters(min: number, max: number, type: Int8Type): Int8Parameters {
  const { low, high } = int8Levels(type);
  let [from, to] = [Math.min(min, 0), Math.max(max, 0)];
  if (type.symmetric) {
    to = Math.max(-from, to);
    from = -to;
  }
  const scale = f(to - from) / (high - low);
  if (scale < SMALLEST_NORMAL) return { scale: 1, zeroPoint: 0 };
  const zeroPoint = roundHalfEven(type.symmetric ? (low + high) / 2 : low - from / scale);
  return { scale: f(scale), zeroPoint };
}

/** QuantizeLinear to 8 bits: `clip(RNE(x / scale) + zeroPoint)` over the whole type. */
export function quantizeLinear(
  x: number,
  { scale, zeroPoint }: Int8Parameters,
  signed: boolean,
): number {
  const code = roundHalfEven(f(x / scale)) + zeroPoint;
  return signed ? clamp(code, -128, 127) : clamp(code, 0, 255);
}

const LARGEST = 2 ** 31 - 1;

/**
 * A bias as int32 in steps of what the product counts in, `inputScale · weightScale` rounded to
 * float32: exact to half a step.
 * - `weightScales` — [N], or one for all
 */
export function quantizeBias(
  bias: ArrayLike<number>,
  inputScale: number,
  weightScales: ArrayLike<number>,
): { readonly codes: Int32Array<ArrayBuffer>; readonly scales: Float32Array<ArrayBuffer> } {
  const scales = Float32Array.from(weightScales, (scale) => inputScale * scale);
  const codes = Int32Array.from(bias, (b, n) => {
    const step = scales[scales.length === 1 ? 0 : n]!;
    return clamp(roundHalfEven(b / step), -LARGEST - 1, LARGEST);
  });
  return { codes, scales };
}

/** DynamicQuantizeLinear to uint8, all in float32. */
export function dynamicQuantizeLinear(
  x: Float32Array,
): Int8Parameters & { readonly codes: Uint8Array } {
  const min = x.reduce((a, b) => Math.min(a, b), 0);
  const max = x.reduce((a, b) => Math.max(a, b), 0);
  const step = f(f(max - min) / 255);
  const scale = step === 0 ? 1 : step;
  const zeroPoint = clamp(roundHalfEven(f(-min / scale)), 0, 255);
  const codes = Uint8Array.from(x, (value) => quantizeLinear(value, { scale, zeroPoint }, false));
  return { scale, zeroPoint, codes };
}
