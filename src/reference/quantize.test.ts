import { expect, test } from 'vitest';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { quantizedLayout, sqnrDb } from '../core/quantize-spec.ts';
import { dequantize } from './dequantize.ts';
import { unpackCodes, unpackZeroPoints } from './packing.ts';
import { quantize } from './quantize.ts';
import { rtnQuantize } from './rtn.ts';
import {
  channelCases,
  float32Of,
  gatherCases,
  goldenCases,
  int8Cases,
  nbitsCases,
} from './testing/golden.ts';

test.each([...nbitsCases(), ...channelCases(), ...gatherCases(), ...int8Cases()])(
  '$name: the bytes of ONNX Runtime',
  ({ spec, weight, codes, scales, zeroPoints, reducedRange }) => {
    const own = quantize(weight, spec, { reducedRange });
    expect(own.codes).toEqual(codes);
    expect(own.scales).toEqual(scales);
    expect(own.zeroPoints).toEqual(zeroPoints);
    const layout = quantizedLayout(spec);
    expect(own.codes.byteLength).toBe(layout.codesByteLength);
    expect(own.scales.byteLength).toBe(layout.scalesByteLength);
    expect(own.zeroPoints?.byteLength ?? 0).toBe(layout.zeroPointsByteLength);
  },
);

test.each(goldenCases('nbits', 'rtn_'))(
  '$name: the bytes of rtn_quantize',
  ({ params, arrays }) => {
    const spec = {
      bits: params['bits'] as 4 | 8,
      blockSize: params['block_size'] as number,
      symmetric: params['symmetric'] as boolean,
      K: params['K'] as number,
      N: params['N'] as number,
    };
    const own = rtnQuantize(float32Of(arrays['weight']!), spec);
    const layout = {
      ...{ rule: 'matmul-nbits', scaleType: 'float32', transposed: false, packing: 'blocks' },
      ...spec,
    } as QuantizeSpec;
    const padded = { ...layout, K: Math.ceil(spec.K / spec.blockSize) * spec.blockSize };
    expect(own.codes).toEqual(unpackCodes(arrays['B']!.bytes, padded));
    expect([...own.scales]).toEqual([...float32Of(arrays['scales']!)]);
    const zeroPoints = arrays['zero_points'];
    if (zeroPoints) expect(own.zeroPoints).toEqual(unpackZeroPoints(zeroPoints.bytes, layout));
  },
);

test.each(goldenCases('blocked-dq', 'gather_'))(
  '$name: dequantizes to what the runtime gathers',
  ({ params, arrays }) => {
    const K = params['D'] as number;
    const rows = goldenRows(arrays['indices']!.bytes);
    const spec = {
      rule: 'gather',
      bits: params['bits'] as 2 | 4 | 8,
      blockSize: params['block_size'] as number,
      symmetric: arrays['zero_points'] === undefined,
      scaleType: 'float32',
      K,
      N: params['V'] as number,
      transposed: true,
      packing: 'rows',
    } as const;
    const flat = gatherCases().find(({ spec: { K, N, blockSize, symmetric } }) =>
      [K, N, blockSize, symmetric].every(
        (value, i) => value === [spec.K, spec.N, spec.blockSize, spec.symmetric][i],
      ),
    );
    const table = dequantize(
      {
        codes: (flat?.codes ?? arrays['packed']!.bytes) as Uint8Array<ArrayBuffer>,
        scales: arrays['scales']!.bytes,
        zeroPoints: (flat?.zeroPoints ??
          arrays['zero_points']?.bytes ??
          null) as Uint8Array<ArrayBuffer> | null,
      },
      spec,
    );
    const gathered = rows.flatMap((row) => [...table.subarray(row * K, (row + 1) * K)]);
    expect(gathered).toEqual(
      [...float32Of(arrays['y']!)].map((y) => (y === 0 ? expect.closeTo(0) : y)),
    );
  },
);

test('error statistics are those of the dequantized weight', () => {
  const weight = Float32Array.from({ length: 96 * 5 }, (_, i) => ((i * 0.618034) % 2) - 1);
  const spec = {
    ...{ rule: 'matmul-nbits', bits: 4, blockSize: 32, symmetric: false, scaleType: 'float16' },
    ...{ K: 96, N: 5, transposed: true, packing: 'blocks' },
  } as const satisfies QuantizeSpec;
  const own = quantize(weight, spec);
  const errors = dequantize(own, spec).map((w, i) => weight[i]! - w);
  const sum = (values: Float32Array) => values.reduce((total, value) => total + value * value, 0);
  expect(own.errors.maxAbsError).toBe(Math.max(...errors.map(Math.abs)));
  expect(own.errors.sumSquaredError).toBeCloseTo(sum(errors), 5);
  expect(sqnrDb(own.errors)).toBeCloseTo(10 * Math.log10(sum(weight) / sum(errors)), 4);
});

const goldenRows = (bytes: Uint8Array<ArrayBuffer>) =>
  [...new BigInt64Array(bytes.buffer)].map(Number);

test('the int8 rule at 4 bits: positive scales of ±7, codes around 8', () => {
  const weight = Float32Array.of(-7, 3, 3.5, 6.4, 0, -2, 1, 14);
  const spec = {
    ...{ rule: 'int8', bits: 4, blockSize: 'channel', symmetric: true, scaleType: 'float32' },
    ...{ K: 4, N: 2, transposed: true, packing: 'rows' },
  } as const satisfies QuantizeSpec;
  const own = quantize(weight, spec);
  expect([...new Float32Array(own.scales.buffer)]).toEqual([1, 2]);
  expect([...unpackCodes(own.codes, spec)]).toEqual([1, 11, 12, 14, 8, 7, 8, 15]);
  expect(() => quantize(weight, { ...spec, symmetric: false })).toThrow('4 symmetric');
});
