import { expect, test } from 'vitest';
import { NF4_VALUES } from '../core/nf4-values.ts';
import { FP4_VALUES, fp4Quantize, nf4Quantize } from './nf4.ts';
import { float32Of, goldenCases } from './testing/golden.ts';

test.each(goldenCases('blocked-dq', 'bnb4_'))(
  "$name: ONNX Runtime's codes and magnitudes",
  ({ params, arrays }) => {
    const [K, N] = [params['K'] as number, params['N'] as number];
    const weight = float32Of(arrays['weight']!);
    const rows = Float32Array.from(weight, (_, i) => weight[(i % K) * N + Math.floor(i / K)]!);
    const blockSize = params['block_size'] as number;
    const isNf4 = params['quant_type'] === 1;
    const own = (isNf4 ? nf4Quantize : fp4Quantize)(rows, blockSize);
    const table = isNf4 ? NF4_VALUES : FP4_VALUES;
    expect(own.codes).toEqual(arrays['codes']!.bytes);
    expect(own.magnitudes).toEqual(float32Of(arrays['absmax']!));
    expect(table).toEqual(float32Of(arrays['table']!));
    const wanted = float32Of(arrays['dequantized']!);
    own.codes.forEach((code, i) => {
      const value = table[code]! * own.magnitudes[Math.floor(i / blockSize)]!;
      expect(Math.fround(value) + 0).toBe(wanted[(i % K) * N + Math.floor(i / K)]! + 0);
    });
  },
);

test('a block of zeros stays zero', () => {
  const { codes, magnitudes } = nf4Quantize(new Float32Array(20), 16);
  expect([...magnitudes]).toEqual([0, 0]);
  expect(codes.every((code) => NF4_VALUES[code] === 0)).toBe(true);
});
