/**
 * The definition of quantization: what the kernels do, one element at a time in plain float32.
 * Not fast, and not for data that may hold non-finite values.
 */
import { float16Bits } from '../core/float16.ts';
import { type Quantized, type QuantizeSpec, quantizedLayout } from '../core/quantize-spec.ts';
import { type BlockParameters, blockParameters } from './block-parameters.ts';
import { clippedRange } from './clip-search.ts';
import { packCodes, packZeroPoints } from './packing.ts';
import { elementError, quantizeElement } from './quantize-element.ts';

/**
 * Quantizes one weight.
 * - `weight` — float32 [K, N], or [N, K] if `spec.transposed`; finite
 * - `reducedRange` — ONNX Runtime's `reduce_range` of the int8 rule: 7 bits of range
 */
export function quantize(
  weight: Float32Array,
  spec: QuantizeSpec,
  { reducedRange = false } = {},
): Quantized {
  const { K, N } = spec;
  const { blockSize, blockCount } = quantizedLayout(spec);
  const at = (k: number, n: number) => (spec.transposed ? n * K + k : k * N + n);
  const codes = new Uint8Array(N * K);
  const blocks: BlockParameters[] = [];
  let sumSquares = 0;
  let sumSquaredError = 0;
  let maxAbsError = 0;
  for (let n = 0; n < N; n++) {
    for (let b = 0; b < blockCount; b++) {
      const end = Math.min(K, (b + 1) * blockSize);
      const values = Array.from({ length: end - b * blockSize }, (_, i) => {
        return weight[at(b * blockSize + i, n)]!;
      });
      const whole = {
        low: values.reduce((low, w) => Math.min(low, w), 0),
        high: values.reduce((high, w) => Math.max(high, w), 0),
      };
      const { low, high } = spec.clip ? clippedRange(spec, values, whole, reducedRange) : whole;
      const block = blockParameters(spec, low, high, reducedRange);
      blocks.push(block);
      for (const [i, w] of values.entries()) {
        const q = quantizeElement(spec, block, w);
        codes[n * K + b * blockSize + i] = q;
        const error = Math.abs(elementError(w, q, block));
        sumSquares += w * w;
        sumSquaredError += error * error;
        maxAbsError = Math.max(maxAbsError, error);
      }
    }
  }
  return {
    codes: packCodes(codes, spec),
    scales: storeScales(blocks, spec),
    zeroPoints: spec.symmetric
      ? null
      : packZeroPoints(
          Uint8Array.from(blocks, ({ zeroPoint }) => zeroPoint),
          spec,
        ),
    errors: { sumSquares, sumSquaredError, maxAbsError },
  };
}

/** `blocks` — [N, blockCount] */
export function storeScales(
  blocks: readonly BlockParameters[],
  spec: QuantizeSpec,
): Uint8Array<ArrayBuffer> {
  const { blockCount, scalesByteLength } = quantizedLayout(spec);
  const stored = new DataView(new ArrayBuffer(scalesByteLength));
  blocks.forEach(({ scale }, i) => {
    const n = Math.floor(i / blockCount);
    const index = spec.packing === 'columns' ? (i % blockCount) * spec.N + n : i;
    if (spec.scaleType === 'float16') stored.setUint16(2 * index, float16Bits(scale), true);
    else stored.setFloat32(4 * index, scale, true);
  });
  return new Uint8Array(stored.buffer);
}
