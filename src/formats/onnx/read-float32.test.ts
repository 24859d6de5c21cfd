import { expect, test } from 'vitest';
import type { DType } from '../../core/dtype.ts';
import type { Tensor } from '../../model/model.ts';
import { readFloat32 } from './read-float32.ts';

const tensorOf = (
  dtype: DType,
  elements: Uint16Array<ArrayBuffer> | Float64Array<ArrayBuffer>,
): Tensor => ({
  name: 'w',
  dtype,
  dims: [elements.length],
  byteLength: elements.byteLength,
  storedByteLength: elements.byteLength,
  payload: { kind: 'inline', bytes: new Uint8Array(elements.buffer) },
  place: 'initializer',
});
const read = (tensor: Tensor) => readFloat32({ files: [] }, tensor);

test.each<[DType, number[], number[]]>([
  [
    'float16',
    [0x3c00, 0x8001, 0x7bff, 0x7c00, 0xfc00, 0x8000],
    [1, -(2 ** -24), 65504, 1 / 0, -1 / 0, -0],
  ],
  ['bfloat16', [0x3f80, 0xc0a0, 0x7f7f, 0x7f80, 0x8000], [1, -5, 3.3895313892515355e38, 1 / 0, -0]],
])('%s is widened exactly', async (dtype, bits, values) => {
  expect([...(await read(tensorOf(dtype, Uint16Array.from(bits))))]).toEqual(values);
});

test('float64 is rounded to float32', async () => {
  const values = Float64Array.of(0.1, 1e300, -(2 ** -200));
  expect([...(await read(tensorOf('float64', values)))]).toEqual([Math.fround(0.1), 1 / 0, -0]);
});

test('other types are refused', async () => {
  await expect(read(tensorOf('int16', Uint16Array.of(1)))).rejects.toThrow('not a float tensor');
});

test('the caller owns what it gets: reading twice gives two buffers', async () => {
  const tensor = tensorOf('float64', Float64Array.of(1));
  const [first, second] = [await read(tensor), await read(tensor)];
  first[0] = 5;
  expect([...second]).toEqual([1]);
});
