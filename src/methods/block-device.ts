import type { HqqSpec } from '../reference/hqq.ts';

/** A weight as float32 [rows, rowLength], in groups along its rows. */
export type GroupShape = Pick<HqqSpec, 'rowLength' | 'groupSize' | 'bits'>;

/** float32 [groups] each: a positive scale and an integer zero point for every group. */
export interface SolvedGroups {
  readonly scales: Float32Array;
  readonly zeroPoints: Float32Array;
}

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
 * Fits levels to values. Scales may differ in their last bits from device to device; palettes' codes
 * do not. Both throw device-lost, out-of-memory, gpu-failed, and the signal's reason when it aborts.
 */
export interface BlockDevice {
  /** - `weight` — finite */
  solve(
    kind: 'hqq' | 'k-quant',
    weight: Float32Array<ArrayBuffer>,
    shape: GroupShape,
    signal: AbortSignal,
  ): Promise<SolvedGroups>;
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

/** HQQ rounds the zero that it starts from at 4 bits alone, as its authors do. */
export const hqqSpecOf = (shape: GroupShape): HqqSpec => ({
  ...{ ...shape, roundZero: shape.bits === 4, variant: 'hqq' },
});

export const groupCount = (weight: Float32Array, { rowLength, groupSize }: GroupShape): number =>
  (weight.length / rowLength) * Math.ceil(rowLength / groupSize);
