import { expect, test } from 'vitest';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { dequantizeLinear } from './dequantize-linear.ts';
import { unpackCodes } from './packing.ts';
import { quantize } from './quantize.ts';
import { float32Of, type GoldenArray, goldenCases } from './testing/golden.ts';

test.each(goldenCases('blocked-dq', 'dq_'))(
  '$name: the values of ONNX Runtime',
  ({ params, arrays }) => {
    const type = params['onnx_type'] as string;
    const own = dequantizeLinear(
      arrays['packed']!.bytes,
      arrays['scales']!.bytes,
      arrays['zero_points']?.bytes ?? null,
      {
        dims: params['shape'] as number[],
        bits: Number(type.replace(/U?INT/, '')) as 2 | 4 | 8,
        signed: !type.startsWith('U'),
        axis: params['axis'] as number | null,
        blockSize: params['block_size'] as number,
        scaleType: params['scale_dtype'] as 'float32' | 'float16',
      },
    );
    expect(own.map((x) => x + 0)).toEqual(float32Of(arrays['dequantized']!).map((x) => x + 0));
  },
);

/** [N, K] codes of one byte → flat fields of [K, N]. */
function flat(codes: Uint8Array, K: number, N: number, bits: number, signed: boolean): Uint8Array {
  const per = 8 / bits;
  const packed = new Uint8Array(Math.ceil((K * N) / per));
  for (let i = 0; i < K * N; i++) {
    const code = codes[(i % N) * K + Math.floor(i / N)]!;
    const field = signed ? code ^ (2 ** (bits - 1)) : code;
    packed[Math.floor(i / per)]! |= field << (bits * (i % per));
  }
  return packed;
}

test.each(goldenCases('blocked-dq', 'qdq_'))(
  '$name: QDQ of DEFAULT is the rule of MatMulNBits, signed if symmetric',
  ({ params, arrays }) => {
    const [K, N, bits] = [params['K'], params['N'], params['bits']] as [number, number, 4];
    const symmetric = params['symmetric'] as boolean;
    const blockSize = params['block_size'] as number;
    const spec = {
      ...{ rule: 'matmul-nbits', bits, blockSize, symmetric, scaleType: 'float32' },
      ...{ K, N, transposed: false, packing: 'columns' },
    } as const satisfies QuantizeSpec;
    const own = quantize(float32Of(arrays['weight']!), spec);
    const codes = flat(unpackCodes(own.codes, spec), K, N, bits, symmetric);
    expect(codes).toEqual(arrays['packed']!.bytes);
    expect(own.scales).toEqual(arrays['scales']!.bytes);
    const blocks = Math.ceil(K / blockSize);
    const zeros = own.zeroPoints && flat(turned(own.zeroPoints, blocks, N), blocks, N, bits, false);
    expect(zeros).toEqual(arrays['zero_points']?.bytes ?? null);
    const values = dequantizeLinear(codes, own.scales, zeros, {
      ...{ dims: [K, N], bits, signed: symmetric, axis: 0, blockSize, scaleType: 'float32' },
    });
    const wanted = float32Of(arrays['dequantized'] as GoldenArray);
    expect(values.map((x) => x + 0)).toEqual(wanted.map((x) => x + 0));
  },
);

/** [rows, columns] → [columns, rows]. */
const turned = (values: Uint8Array, rows: number, columns: number) =>
  Uint8Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
