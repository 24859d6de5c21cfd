import { expect, test } from 'vitest';
import { NO_ROWS, type Rows } from '../dataset/rows.ts';
import { imagePixels, imagePlan } from './draw-array.ts';
import { labelsOf, previewRows } from './preview-rows.ts';

const rows = (rest: Partial<Rows>): { evaluation: Rows } => ({
  evaluation: { ...NO_ROWS, count: 3, label: (index) => index, ...rest },
});

test('text is cut, and comes with the right answer', async () => {
  const [row] = await previewRows(rows({ text: () => 'ab'.repeat(5000) }), [2]);
  expect(row).toMatchObject({ index: 2, label: 2, content: { kind: 'text' } });
  expect(row?.content.kind === 'text' && row.content.text).toHaveLength(2000);
});

test('an image is its file', async () => {
  const blob = new Blob(['png']);
  const picture = () => ({ path: 'cat/1.png', blob });
  const [row] = await previewRows(rows({ picture, text: () => 'cat/1.png' }), [0]);
  expect(row?.content).toEqual({ kind: 'image', blob, path: 'cat/1.png', drawn: false });
});

test('arrays are summed up', async () => {
  const feeds = () => ({
    ids: { dtype: 'int64' as const, dims: [1, 3], data: BigInt64Array.of(2n, -1n, 5n) },
  });
  const [row] = await previewRows(rows({ feeds }), [1]);
  expect(row?.content).toEqual({
    kind: 'arrays',
    arrays: [{ name: 'ids', dtype: 'int64', dims: [1, 3], low: -1, high: 5, mean: 2 }],
  });
});

test('rows that there are not are refused by number', async () => {
  await expect(previewRows(rows({}), [3])).rejects.toThrow(/Row 3 .* 3 rows/);
  await expect(previewRows(rows({}), [-1])).rejects.toMatchObject({ code: 'bad-dataset' });
  await expect(
    previewRows(
      rows({}),
      Array.from({ length: 201 }, () => 0),
    ),
  ).rejects.toThrow(/200/);
});

test.each([
  [[1, 1, 28, 28], { width: 28, height: 28, channels: 1, channelsLast: false }],
  [[1, 3, 32, 48], { width: 48, height: 32, channels: 3, channelsLast: false }],
  [[1, 32, 48, 3], { width: 48, height: 32, channels: 3, channelsLast: true }],
  [[1, 28, 28], { width: 28, height: 28, channels: 1, channelsLast: false }],
  [[1, 12], null],
  [[2, 1, 28, 28], null],
  [[1, 4, 28, 28], null],
  [[1, 1, 28, 5000], null],
])('dims %j as an image', (dims, plan) => {
  expect(imagePlan(dims)).toEqual(plan);
});

test('pixels go from the least value to the largest, channel by channel', () => {
  const plan = { width: 2, height: 1, channels: 3, channelsLast: false } as const;
  const planar = imagePixels([-1, 0, 1, 1, 0, -1], plan);
  expect([...planar]).toEqual([0, 255, 128, 255, 128, 255, 0, 255]);
  const last = imagePixels([-1, 1, 0, 0, 1, -1], { ...plan, channelsLast: true });
  expect([...last]).toEqual([...planar]);
  expect([...imagePixels([7, 7, 7, 7, 7, 7], plan)].slice(0, 4)).toEqual([0, 0, 0, 255]);
});

test('right answers of all rows, where there are any', () => {
  const { evaluation } = rows({});
  expect(labelsOf({ task: 'classes', evaluation })).toEqual([0, 1, 2]);
  expect(labelsOf({ task: null, evaluation })).toBeNull();
  expect(labelsOf({ task: 'next-token', evaluation })).toBeNull();
});
