import { expect, test } from 'vitest';
import { elementCount } from '../core/shape.ts';
import {
  dynamicQuantizeLinear,
  type Int8Parameters,
  int8Parameters,
  quantizeBias,
  quantizeLinear,
} from './static-int8.ts';
import { float32Of, type GoldenArray, goldenCases } from './testing/golden.ts';

const codesOf = ({ dtype, bytes }: GoldenArray): ArrayLike<number> =>
  dtype === 'int8' ? new Int8Array(bytes.buffer) : bytes;
const scalarOf = (array: GoldenArray): number => float32Of(array)[0]!;

const rangeOf = (values: ArrayLike<number>) => {
  const all = Array.from(values);
  return { min: Math.min(...all), max: Math.max(...all) };
};

/** The channel of each element along `axis`; 0 for all if there is none. */
const channelsOf = (dims: readonly number[], axis: number | null) => (i: number) =>
  axis === null ? 0 : Math.floor(i / elementCount(dims.slice(axis + 1))) % (dims[axis] ?? 1);

test.each(goldenCases('int8', 'static_'))('$name: the tensors of quantize_static', (golden) => {
  const { arrays, params } = golden;
  const signed = params['weight_type'] === 'QInt8';
  const perChannel = params['per_channel'] as boolean;
  const reducedRange = params['reduce_range'] as boolean;
  const symmetric = signed || perChannel;
  const weight = float32Of(arrays['weight']!);
  const dims = arrays['weight']!.shape;
  const scales = float32Of(arrays['scale']!);
  const zeroPoints = codesOf(arrays['zero_point']!);
  const channelOf = channelsOf(dims, params['axis'] as number | null);
  const parameters = Array.from(scales, (_, channel): Int8Parameters => {
    const { min, max } = rangeOf(weight.filter((_, i) => channelOf(i) === channel));
    return int8Parameters(min, max, { signed, symmetric, reducedRange });
  });
  expect(parameters.map(({ scale }) => scale)).toEqual([...scales]);
  expect(parameters.map(({ zeroPoint }) => zeroPoint)).toEqual(Array.from(zeroPoints));
  const codes = Array.from(weight, (w, i) => quantizeLinear(w, parameters[channelOf(i)]!, signed));
  expect(codes).toEqual(Array.from(codesOf(arrays['q']!)));

  const seen = rangeOf([...float32Of(arrays['calib0']!), ...float32Of(arrays['calib1']!)]);
  const input = int8Parameters(seen.min, seen.max, {
    signed,
    symmetric: false,
    reducedRange: false,
  });
  const x = { scale: scalarOf(arrays['x_scale']!), zeroPoint: codesOf(arrays['x_zero_point']!)[0] };
  expect(input).toEqual(x);
  const bias = arrays['bias_q'];
  if (!bias) return;
  const own = quantizeBias(float32Of(arrays['bias']!), input.scale, scales);
  expect([...own.codes]).toEqual([...new Int32Array(bias.bytes.buffer)]);
  expect([...own.scales]).toEqual([...float32Of(arrays['bias_scale']!)]);
});

test.each(goldenCases('int8', 'static_matmul'))('$name: the outputs of the runtime', (golden) => {
  const { arrays, params } = golden;
  const signed = params['weight_type'] === 'QInt8';
  const [K = 0, N = 0] = arrays['weight']!.shape;
  const parametersOf = (name: string) => {
    const zeroPoints = codesOf(arrays[`${name}_zero_point`]!);
    return { scale: scalarOf(arrays[`${name}_scale`]!), zeroPoint: zeroPoints[0]! };
  };
  const [input, output] = [parametersOf('x'), parametersOf('y')];
  const scales = float32Of(arrays['scale']!);
  const zeroPoints = codesOf(arrays['zero_point']!);
  const codes = codesOf(arrays['q']!);
  const x = float32Of(arrays['x']!);
  expect(params['op']).toBe('MatMul');
  for (const [i, expected] of float32Of(arrays['y']!).entries()) {
    const [row, n] = [Math.floor(i / N), i % N];
    const channel = scales.length === 1 ? 0 : n;
    let sum = 0;
    for (let k = 0; k < K; k++) {
      const given = quantizeLinear(x[row * K + k]!, input, signed) - input.zeroPoint;
      sum += given * (codes[k * N + n]! - zeroPoints[channel]!);
    }
    const y = sum * input.scale * scales[channel]!;
    const stored = (quantizeLinear(y, output, signed) - output.zeroPoint) * output.scale;
    expect(Math.abs(stored - expected)).toBeLessThanOrEqual(output.scale * 1.001);
  }
});

test.each(goldenCases('int8', 'dynamicquantizelinear_'))('$name: the bytes', ({ arrays }) => {
  const own = dynamicQuantizeLinear(float32Of(arrays['x']!));
  expect([...own.codes]).toEqual([...arrays['q']!.bytes]);
  expect(own.scale).toBe(scalarOf(arrays['scale']!));
  expect(own.zeroPoint).toBe(arrays['zero_point']!.bytes[0]);
});
