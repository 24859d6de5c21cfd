/**
 * The definition of quantization: what the kernels do, one block after the other in plain float32.
 * Not for data that may hold non-finite values.
 */
import { float16Bits } from '../core/float16.ts';
import { type Quantized, type QuantizeSpec, quantizedLayout } from '../core/quantize-spec.ts';
import { blockCodes, largestError, rangeOf, squaredError, squaresOf } from './block-codes.ts';
import { blockParameters } from './block-parameters.ts';
import { clippedRange } from './clip-search.ts';
import { packCodes, packZeroPoints } from './packing.ts';

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
  const codes = new Uint8Array(N * K);
  const scales = new Float32Array(N * blockCount);
  const zeroPoints = new Uint8Array(N * blockCount);
  let sumSquares = 0;
  let sumSquaredError = 0;
  let maxAbsError = 0;
  for (let n = 0, b = 0; n < N; n++) {
    const channel = channelOf(weight, spec, n);
    for (let start = 0; start < K; start += blockSize, b++) {
      const block = { values: channel, start, end: Math.min(K, start + blockSize) };
      const whole = rangeOf(block);
      const { low, high } = spec.clip
        ? clippedRange(spec, channel.subarray(start, block.end), whole, reducedRange)
        : whole;
      const parameters = blockParameters(spec, low, high, reducedRange);
      const at = n * K + start;
      blockCodes(spec, parameters, block, codes, at);
      scales[b] = parameters.scale;
      zeroPoints[b] = parameters.zeroPoint;
      sumSquares += squaresOf(block);
      sumSquaredError += squaredError(parameters, block, codes, at);
      maxAbsError = Math.max(maxAbsError, largestError(parameters, block, codes, at));
    }
  }
  return {
    codes: packCodes(codes, spec),
    scales: storeScales(scales, spec),
    zeroPoints: spec.symmetric ? null : packZeroPoints(zeroPoints, spec),
    errors: { sumSquares, sumSquaredError, maxAbsError },
  };
}

/** Channel `n` of a weight, [K]. */
function channelOf(
  weight: Float32Array,
  { K, N, transposed }: QuantizeSpec,
  n: number,
): Float32Array {
  if (transposed) return weight.subarray(n * K, (n + 1) * K);
  const channel = new Float32Array(K);
  for (let k = 0, from = n; k < K; k++, from += N) channel[k] = weight[from]!;
  return channel;
}

/** `scales` — float32 [N, blockCount], on the float16 grid if they are stored so */
export function storeScales(scales: Float32Array, spec: QuantizeSpec): Uint8Array<ArrayBuffer> {
  const { blockCount, scalesByteLength } = quantizedLayout(spec);
  const stored = new DataView(new ArrayBuffer(scalesByteLength));
  scales.forEach((scale, i) => {
    const n = Math.floor(i / blockCount);
    const index = spec.packing === 'columns' ? (i % blockCount) * spec.N + n : i;
    if (spec.scaleType === 'float16') stored.setUint16(2 * index, float16Bits(scale), true);
    else stored.setFloat32(4 * index, scale, true);
  });
  return new Uint8Array(stored.buffer);
}
