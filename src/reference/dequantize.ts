import { float16Value } from '../core/float16.ts';
import { type Quantized, type QuantizeSpec, quantizedLayout } from '../core/quantize-spec.ts';
import { unpackCodes, unpackZeroPoints } from './packing.ts';

/** The weight that codes stand for, `(q - zeroPoint) · scale` in float32: [N, K]. */
export function dequantize(
  { codes, scales, zeroPoints }: Omit<Quantized, 'errors'>,
  spec: QuantizeSpec,
): Float32Array<ArrayBuffer> {
  const { K, N, bits } = spec;
  const { blockSize, blockCount } = quantizedLayout(spec);
  const unpacked = unpackCodes(codes, spec);
  const zeros = zeroPoints && unpackZeroPoints(zeroPoints, spec);
  const stored = new DataView(scales.buffer, scales.byteOffset, scales.byteLength);
  const weight = new Float32Array(N * K);
  for (let n = 0, i = 0; n < N; n++) {
    for (let b = 0; b < blockCount; b++) {
      const at = spec.packing === 'columns' ? b * N + n : n * blockCount + b;
      const scale =
        spec.scaleType === 'float16'
          ? float16Value(stored.getUint16(2 * at, true))
          : stored.getFloat32(4 * at, true);
      const zeroPoint = zeros ? zeros[n * blockCount + b]! : 2 ** (bits - 1);
      const end = n * K + Math.min(K, (b + 1) * blockSize);
      for (; i < end; i++) weight[i] = (unpacked[i]! - zeroPoint) * scale;
    }
  }
  return weight;
}
