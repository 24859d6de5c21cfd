import { expect, test } from 'vitest';
import { inputVectors } from './input-vectors.ts';

const tensor = (dims: readonly number[]) => ({
  dtype: 'float32',
  dims,
  data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => i),
});
const window = {
  ...{ kernel: [2, 2], strides: [1, 1], dilations: [1, 1] },
  ...{ padsBefore: [0, 0], padsAfter: [0, 0], autoPad: 'none' as const },
};

test('rows are taken as they lie', () => {
  const x = tensor([1, 2, 3]);
  expect(inputVectors(x, 'rows', 3)).toBe(x.data);
  expect(() => inputVectors(x, 'rows', 2)).toThrow('[1, 2, 3] holds no vectors of 2');
});

test('columns are turned', () => {
  expect([...inputVectors(tensor([2, 3]), 'columns', 2)]).toEqual([0, 3, 1, 4, 2, 5]);
});

test('patches hold channels outermost, then the kernel', () => {
  const found = inputVectors(tensor([1, 2, 2, 3]), window, 8);
  expect([...found]).toEqual([0, 1, 3, 4, 6, 7, 9, 10, 1, 2, 4, 5, 7, 8, 10, 11]);
});

test('patches over the edge are padded with zeros', () => {
  const found = inputVectors(
    tensor([1, 1, 2, 2]),
    { ...window, strides: [2, 2], padsBefore: [1, 1], padsAfter: [1, 1] },
    4,
  );
  expect([...found]).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 0]);
});

test('same-upper pads after, and dilated kernels reach further', () => {
  const same = { ...window, autoPad: 'same-upper' as const };
  expect([...inputVectors(tensor([1, 1, 1, 2]), same, 4)]).toEqual([0, 1, 0, 0, 1, 0, 0, 0]);
  const dilated = { ...window, dilations: [1, 2], kernel: [1, 2] };
  expect([...inputVectors(tensor([1, 1, 1, 4]), dilated, 2)]).toEqual([0, 2, 1, 3]);
});

test('integers are no inputs of weights', () => {
  const ids = { dtype: 'int64', dims: [1, 2], data: new BigInt64Array(2) };
  expect(() => inputVectors(ids, 'rows', 2)).toThrow('int64');
});
