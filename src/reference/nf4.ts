/** 4-bit NormalFloat: quantiles of a normal distribution, scaled by the largest magnitude of a block. */

/** What a value must exceed for the next code, as bitsandbytes and ONNX Runtime decide. */
const THRESHOLDS = Float32Array.of(
  ...[-0.8480964004993439, -0.6106329262256622, -0.4599952697753906, -0.33967943489551544],
  ...[-0.23460740596055984, -0.13791173323988914, -0.045525018125772476, 0.03979014977812767],
  ...[0.1202552504837513, 0.2035212516784668, 0.2920137718319893, 0.3893125355243683],
  ...[0.5016634166240692, 0.6427869200706482, 0.8614784181118011],
);

export interface Nf4 {
  /** uint8 [length], one code a byte. */
  readonly codes: Uint8Array<ArrayBuffer>;
  /** float32 [blocks]: the largest magnitude of each. */
  readonly magnitudes: Float32Array<ArrayBuffer>;
}

/**
 * Blocks over the values in their order, whatever rows they are; the last may be ragged. The value
 * times the float32 reciprocal of the block's largest magnitude, as it is stored, against the
 * thresholds.
 * - `values` — float32, finite; `stored` — what storing makes of a magnitude
 * @see https://arxiv.org/abs/2305.14314
 */
export const nf4Quantize = (
  values: Float32Array,
  blockSize: number,
  stored?: (magnitude: number) => number,
): Nf4 => quantizeBy(nf4Code, values, blockSize, stored);

/**
 * The other type of MatMulBnb4, for comparison only: a sign, two bits of exponent and one of
 * mantissa; `FP4_VALUES` by code.
 */
export const fp4Quantize = (values: Float32Array, blockSize: number): Nf4 =>
  quantizeBy(fp4Code, values, blockSize);

function quantizeBy(
  codeOf: (x: number) => number,
  values: Float32Array,
  blockSize: number,
  stored = (magnitude: number): number => magnitude,
): Nf4 {
  const codes = new Uint8Array(values.length);
  const magnitudes = new Float32Array(Math.ceil(values.length / blockSize));
  for (let b = 0; b < magnitudes.length; b++) {
    const start = b * blockSize;
    const end = Math.min(values.length, start + blockSize);
    let largest = 0;
    for (let i = start; i < end; i++) largest = Math.max(largest, Math.abs(values[i]!));
    const magnitude = stored(largest);
    magnitudes[b] = magnitude;
    const reciprocal = magnitude === 0 ? 0 : Math.fround(1 / magnitude);
    for (let i = start; i < end; i++) codes[i] = codeOf(Math.fround(values[i]! * reciprocal));
  }
  return { codes, magnitudes };
}

export const FP4_VALUES: Float32Array<ArrayBuffer> = Float32Array.from(
  [1, -1].flatMap((sign) =>
    [0, 0.00520833333, 0.66666667, 1, 0.33333333, 0.5, 0.16666667, 0.25].map((x) => sign * x),
  ),
);

/** Codes in the order of their values, and what a magnitude must exceed for the next. */
const FP4_ORDER = [0, 1, 6, 7, 4, 5, 2, 3];
const FP4_THRESHOLDS = Float32Array.of(
  ...[0.00260417, 0.0859375, 0.20833333, 0.29166667, 0.4166667, 0.583333, 0.8333333],
);

function fp4Code(x: number): number {
  const place = FP4_THRESHOLDS.reduce((count, most) => count + (Math.abs(x) > most ? 1 : 0), 0);
  return (FP4_ORDER[place] ?? 0) + (x < 0 ? 8 : 0);
}

function nf4Code(x: number): number {
  let code = 0;
  for (let half = 8; half > 0; half >>= 1) {
    if (x > THRESHOLDS[code + half - 1]!) code += half;
  }
  return code;
}
