import { float16Value } from '../core/float16.ts';
import { type Quantized, type QuantizeSpec, quantizedLayout } from '../core/quantize-spec.ts';
import type { Grid } from '../reference/feedback.ts';
import { unpackZeroPoints } from '../reference/packing.ts';

/** Scales and zero points as numbers, [N, blockCount]. */
export interface BlockTable {
  readonly scales: Float32Array<ArrayBuffer>;
  readonly zeroPoints: Uint8Array<ArrayBuffer>;
}

export function blockTable({ scales, zeroPoints }: Quantized, spec: QuantizeSpec): BlockTable {
  const { N, bits, packing, scaleType } = spec;
  const { blockCount } = quantizedLayout(spec);
  const stored = new DataView(scales.buffer, scales.byteOffset, scales.byteLength);
  return {
    scales: Float32Array.from({ length: N * blockCount }, (_, i) => {
      const [n, block] = [Math.floor(i / blockCount), i % blockCount];
      const at = packing === 'columns' ? block * N + n : i;
      return scaleType === 'float16'
        ? float16Value(stored.getUint16(2 * at, true))
        : stored.getFloat32(4 * at, true);
    }),
    zeroPoints: zeroPoints
      ? unpackZeroPoints(zeroPoints, spec)
      : new Uint8Array(N * blockCount).fill(2 ** (bits - 1)),
  };
}

/** Levels of rows [first, first + rows), their columns in `order`; blocks lie as columns do. */
export function gridOf(
  { scales, zeroPoints }: BlockTable,
  spec: QuantizeSpec,
  order: Uint32Array,
  first: number,
  rows: number,
): Grid {
  const { blockSize, blockCount } = quantizedLayout(spec);
  const part = [first * blockCount, (first + rows) * blockCount] as const;
  return {
    rule: spec,
    blockCount,
    blockOf: order.map((k) => Math.floor(k / blockSize)),
    scales: scales.slice(...part),
    zeroPoints: zeroPoints.slice(...part),
  };
}
