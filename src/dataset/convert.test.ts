import { expect, test } from 'vitest';
import { convert } from './convert.ts';
import type { FeedTensor } from './rows.ts';

const of = (dtype: FeedTensor['dtype'], data: FeedTensor['data']): FeedTensor => ({
  dtype,
  dims: [data.length],
  data,
});

test.each([
  [of('int32', Int32Array.of(-1, 7)), 'int64', BigInt64Array.of(-1n, 7n)],
  [of('int64', BigInt64Array.of(5n)), 'int32', Int32Array.of(5)],
  [of('uint8', Uint8Array.of(1, 0)), 'bool', Uint8Array.of(1, 0)],
  [of('float64', Float64Array.of(0.1)), 'float32', Float32Array.of(0.1)],
  [of('float16', Uint16Array.of(0x3c00, 0xc000)), 'float32', Float32Array.of(1, -2)],
  [of('float32', Float32Array.of(1, -2)), 'float16', Uint16Array.of(0x3c00, 0xc000)],
] as const)('%o as %s', (tensor, dtype, data) => {
  expect(convert(tensor, dtype)).toEqual({ dtype, dims: tensor.dims, data });
});

test.each([
  [of('int64', BigInt64Array.of(2n ** 40n)), 'int32'],
  [of('int8', Int8Array.of(-1)), 'uint8'],
  [of('uint8', Uint8Array.of(255)), 'float32'],
  [of('float32', Float32Array.of(1)), 'int64'],
] as const)('%o is not %s', (tensor, dtype) => {
  expect(convert(tensor, dtype)).toBeNull();
});
