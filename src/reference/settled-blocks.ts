import type { ErrorStatistics, Quantized, QuantizeSpec } from '../core/quantize-spec.ts';
import { packCodes, packZeroPoints } from './packing.ts';
import { storeScales } from './quantize.ts';

/** The blocks of a weight [N, K], channel by channel, each by its solver or by plain rounding. */
export interface SettledBlocks {
  /** uint8 [N, K] */
  readonly codes: Uint8Array<ArrayBuffer>;
  /** float32 [N, blocks], on the float16 grid if they are stored so. */
  readonly scales: Float32Array;
  /** uint8 [N, blocks] */
  readonly zeroPoints: Uint8Array;
  /** Blocks that keep the solver's scale and zero point. */
  readonly solved: number;
  /** Scales too large for how they are stored. */
  readonly infiniteScales: number;
  readonly errors: ErrorStatistics;
}

/** The bytes that `spec` stores. */
export const packBlocks = (
  { codes, scales, zeroPoints, errors }: SettledBlocks,
  spec: QuantizeSpec,
): Quantized => ({
  codes: packCodes(codes, spec),
  scales: storeScales(scales, spec),
  zeroPoints: packZeroPoints(zeroPoints, spec),
  errors,
});
