/** What a weight's operator was given over the calibration rows. */

export interface InputStatistics {
  /** Inputs that one output of the weight sums over. */
  readonly K: number;
  /** Input vectors seen (tokens, patches of an image), over all rows. */
  readonly count: number;
  /** Calibration rows. */
  readonly rows: number;
  /** [K]: Σ x. */
  readonly sum: Float64Array;
  /** [K]: Σ |x|. */
  readonly sumAbs: Float64Array;
  /** [K]: Σ x². */
  readonly sumSquares: Float64Array;
  /** [K] */
  readonly min: Float32Array;
  /** [K] */
  readonly max: Float32Array;
  /** [K, K] row-major: XᵀX, a plain sum over the vectors; null for `moments`. */
  readonly gram: Float32Array<ArrayBuffer> | null;
  /** Of all values over [-reach, reach], in equal bins; absent unless asked for. */
  readonly counts?: Float64Array;
}
