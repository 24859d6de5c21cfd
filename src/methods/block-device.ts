import { type QuantizeSpec, quantizedLayout } from '../core/quantize-spec.ts';
import type { HqqSpec } from '../reference/hqq.ts';
import type { SettledBlocks } from '../reference/settled-blocks.ts';

/** A weight as float32 [rows, rowLength], in groups along its rows. */
export type GroupShape = Pick<HqqSpec, 'rowLength' | 'groupSize' | 'bits'>;

/** Palettes of runs of channels of a weight [outer, channels, inner]. */
export interface PaletteShape {
  readonly channels: number;
  readonly inner: number;
  /** Neighbouring channels with one palette. */
  readonly sharing: number;
  /** Entries of a palette. */
  readonly size: number;
}

/**
 * Fits levels to values. Solved levels may differ in their last bits from device to device; plain
 * rounding and palettes' codes do not. Both throw device-lost, out-of-memory, gpu-failed, and the
 * signal's reason when it aborts.
 */
export interface BlockDevice {
  /**
   * Solves each block of a weight for its scale and zero point, and keeps plain rounding where it
   * is as near.
   * - `weight` — float32 [N, K], finite
   * - `spec` — asymmetric; of a weight that lies [N, K], whatever `spec.transposed` says
   */
  settle(
    kind: 'hqq' | 'k-quant',
    weight: Float32Array<ArrayBuffer>,
    spec: QuantizeSpec,
    signal: AbortSignal,
  ): Promise<SettledBlocks>;
  /**
   * uint8: the nearest entry for each value.
   * - `entries` — float32 [palettes, size], each palette ascending
   */
  nearest(
    values: Float32Array<ArrayBuffer>,
    entries: Float32Array<ArrayBuffer>,
    shape: PaletteShape,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>>;
}

export const groupShapeOf = (spec: QuantizeSpec): GroupShape => ({
  ...{ rowLength: spec.K, groupSize: quantizedLayout(spec).blockSize, bits: spec.bits },
});

/** HQQ rounds the zero that it starts from at 4 bits alone, as its authors do. */
export const hqqSpecOf = (shape: GroupShape): HqqSpec => ({
  ...{ ...shape, roundZero: shape.bits === 4, variant: 'hqq' },
});

export const groupCount = (weight: Float32Array, { rowLength, groupSize }: GroupShape): number =>
  (weight.length / rowLength) * Math.ceil(rowLength / groupSize);
