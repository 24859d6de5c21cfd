import { expect, test } from 'vitest';
import { nearestCode } from './integer-blocks.ts';
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
        for (const w of values) {
          error += (w - (nearestCode(w, block, bits) - block.zeroPoint) * block.scale) ** 2;
          squares += w * w;
        }
      }
    }
    expect(error / squares).toBeLessThanOrEqual(1.02 * (wanted as number));
  },
);

test.each([0, 0.37, -0.37])('a block of %f alone keeps it', (value) => {
  const block = kQuantBlock(new Float32Array(16).fill(value), 4);
  const stored = (nearestCode(Math.fround(value), block, 4) - block.zeroPoint) * block.scale;
  expect(stored).toBeCloseTo(value, 7);
});
