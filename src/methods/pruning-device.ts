import type { MagnitudeDigit, MagnitudeThreshold } from '../reference/magnitude-search.ts';
import type { AxisShape } from '../reference/n-of-m-mask.ts';
import type { PruneMask } from '../reference/prune-mask.ts';
import type { WeightSource } from './weight-source.ts';

export interface NOfM {
  readonly n: number;
  readonly m: number;
}

/**
 * The passes over a weight that pruning is made of; both devices give the same counts and masks.
 * All of them stream. They throw device-lost, out-of-memory, gpu-failed, what reading throws, and
 * the signal's reason when it aborts.
 */
export interface PruningDevice {
  /** uint32 [2049]: magnitudes by a digit of theirs; see `magnitudeHistogram`. */
  countDigits(
    source: WeightSource,
    digit: MagnitudeDigit,
    signal: AbortSignal,
  ): Promise<Uint32Array<ArrayBuffer>>;
  /** @param tiesBefore values in earlier weights that equal the threshold */
  markBelow(
    source: WeightSource,
    threshold: MagnitudeThreshold,
    tiesBefore: number,
    signal: AbortSignal,
  ): Promise<PruneMask>;
  /**
   * The weight is [outer, axisLength, inner]. `nonFinite` counts what stays because it is no number.
   * @throws too-large if one row of groups does not fit the device
   */
  markNOfM(
    source: WeightSource,
    shape: AxisShape,
    rule: NOfM,
    signal: AbortSignal,
  ): Promise<PruneMask & { readonly nonFinite: number }>;
}
