import { expect, test } from 'vitest';
import { nearestCodes } from './block-codes.ts';
import type { BlockParameters } from './block-parameters.ts';
import { kQuantBlock } from './k-quant.ts';
import { float32Of, goldenCases } from './testing/golden.ts';

test.each(goldenCases('nbits', 'kquant_'))(
  "$name: as near as ONNX Runtime's",
  ({ params, arrays, expect: { relativeSquaredError: wanted } }) => {
    const [K, N] = [params['K'] as number, params['N'] as number];
    const [bits, blockSize] = [params['bits'] as number, params['block_size'] as number];
    const weight = float32Of(arrays['weight']!);
    const rows = Float32Array.from(weight, (_, i) => weight[(i % K) * N + Math.floor(i / K)]!);
    let [error, squares] = [0, 0];
    for (let n = 0; n < N; n++) {
      for (let first = 0; first < K; first += blockSize) {
        const values = rows.subarray(n * K + first, n * K + Math.min(K, first + blockSize));
        const block = kQuantBlock(values, bits);
        const stored = storedBy(values, block, bits);
        for (const [i, w] of values.entries()) {
          error += (w - stored[i]!) ** 2;
          squares += w * w;
        }
      }
    }
    expect(error / squares).toBeLessThanOrEqual(1.02 * (wanted as number));
  },
);

test.each([0, 0.37, -0.37])('a block of %f alone keeps it', (value) => {
  const values = new Float32Array(16).fill(value);
  expect(storedBy(values, kQuantBlock(values, 4), 4)[0]).toBeCloseTo(value, 7);
});

/** The level nearest to each value. */
function storedBy(values: Float32Array, block: BlockParameters, bits: number): Float64Array {
  const codes = new Uint8Array(values.length);
  nearestCodes(bits, block, { values, start: 0, end: values.length }, codes, 0);
  return Float64Array.from(codes, (q) => (q - block.zeroPoint) * block.scale);
}
