/**
 * The definition of quantization: what the kernels do, one element at a time in plain float32.
 * Not fast, and not for data that may hold non-finite values.
 */
import { float16Bits } from '../core/float16.ts';
import { type Quantized, type QuantizeSpec, quantizedLayout } from '../core/quantize-spec.ts';
import { type BlockParameters, blockParameters } from './block-parameters.ts';
import { packCodes, packZeroPoints } from './packing.ts';
import { clamp, roundHalfAway, roundHalfEven } from './round.ts';

const f = Math.fround;

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
      let low = 0;
      let high = 0;
      for (let k = b * blockSize; k < end; k++) {
        low = Math.min(low, weight[at(k, n)]!);
        high = Math.max(high, weight[at(k, n)]!);
      }
      const block = blockParameters(spec, low, high, reducedRange);
      blocks.push(block);
      for (let k = b * blockSize; k < end; k++) {
        const w = weight[at(k, n)]!;
        const q = quantizeElement(spec, block, w);
        codes[n * K + k] = q;
        const error = Math.abs(f(w - f((q - block.zeroPoint) * block.scale)));
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

function quantizeElement(
  { rule, bits, symmetric }: QuantizeSpec,
  { scale, zeroPoint }: BlockParameters,
  w: number,
): number {
  const top = 2 ** bits - 1;
  if (rule === 'matmul-nbits') {
    const reciprocal = scale === 0 ? 0 : f(1 / scale);
    return clamp(roundHalfAway(f(f(w * reciprocal) + zeroPoint)), 0, top);
  }
  const steps = scale === 0 ? 0 : f(w / scale);
  if (rule === 'gather' && !symmetric) return clamp(roundHalfEven(f(steps + zeroPoint)), 0, top);
  return clamp(roundHalfEven(steps) + zeroPoint, 0, top);
}

/** `blocks` — [N, blockCount] */
function storeScales(
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
