import { expect, test } from 'vitest';
import { allFinite } from '../core/all-finite.ts';
import { float16Bits } from '../core/float16.ts';
import { countNonFinite } from './count-non-finite.ts';
import { SOURCE_BYTES, type SourceDType } from './weight-source.ts';
import { widenRows } from './widen-rows.ts';

const values = [1, -2, 0.5, 1024, -0.25, 3];
const top = (value: number) => (new Uint32Array(Float32Array.of(value).buffer)[0] as number) >>> 16;
const stored: Record<SourceDType, ArrayBuffer> = {
  float32: Float32Array.from(values).buffer,
  float16: Uint16Array.from(values, float16Bits).buffer,
  bfloat16: Uint16Array.from(values, top).buffer,
  float64: Float64Array.from(values).buffer,
};
const dtypes = Object.keys(SOURCE_BYTES) as SourceDType[];

test.each(dtypes)('%s rows widen with zeros to the right and below', (dtype) => {
  const target = new Uint32Array(12).fill(0xffffffff);
  const shape = { rows: 2, rowLength: 3, paddedRows: 3, stride: 4 };
  widenRows(dtype, stored[dtype], target, shape);
  const wanted = [1, -2, 0.5, 0, 1024, -0.25, 3, 0, 0, 0, 0, 0];
  expect([...new Float32Array(target.buffer)]).toEqual(wanted);
});

test('refuses anything but whole rows', () => {
  const shape = { rows: 2, rowLength: 2, paddedRows: 2, stride: 4 };
  expect(() => widenRows('float32', stored.float32, new Uint32Array(8), shape)).toThrow('rows');
});

test('counts what is not finite over all pieces', async () => {
  const length = 2 ** 21 + 5;
  const weight = new Float32Array(length);
  for (const [at, value] of [
    [0, Number.NaN],
    [2 ** 21 - 1, Number.POSITIVE_INFINITY],
    [2 ** 21, Number.NEGATIVE_INFINITY],
    [length - 1, Number.NaN],
  ] as const) {
    weight[at] = value;
  }
  const read = async (start: number, end: number) => weight.buffer.slice(start, end);
  const source = { name: 'w', dtype: 'float32', dims: [length], read } as const;
  expect(await countNonFinite(source)).toBe(4);
  const parts = [weight, weight.subarray(2 ** 21), weight.subarray(1, 2 ** 21 - 1)];
  expect(parts.map(allFinite)).toEqual([false, false, true]);
});
