import { expect, test } from 'vitest';
import type { RowScores } from '../report/report.ts';
import { type RowOrder, scoredRows } from './scored-rows.ts';

const numbers = (...given: number[]): RowScores => ({ task: 'number', given });
const rowsOf = (
  a: RowScores | null,
  b: RowScores,
  order: RowOrder,
  labels: number[] | null = null,
) => scoredRows(a, b, labels, order).map(({ row }) => row);

test('numbers are ordered by how far B is from A, from right, or not at all', () => {
  const [a, b] = [numbers(1, 2, 3), numbers(1.1, 4, 3)];
  expect(rowsOf(a, b, 'change')).toEqual([1, 0, 2]);
  expect(rowsOf(a, b, 'worse', [1, 4, 9])).toEqual([2, 0, 1]);
  expect(rowsOf(a, b, 'data')).toEqual([0, 1, 2]);
  expect(scoredRows(a, b, [1, 4, 9], 'data')[2]).toEqual({
    row: 2,
    shown: 2,
    a: 3,
    b: 3,
    right: 9,
  });
});

test('a window is told by its perplexity, and one without predicted tokens by nothing', () => {
  const b: RowScores = { task: 'next-token', loss: [2, 0], predicted: [2, 0], hits: [1, 0] };
  expect(scoredRows(null, b, [5, 5], 'worse')).toEqual([
    { row: 0, shown: 0, a: null, b: Math.E, right: null },
    { row: 1, shown: 1, a: null, b: null, right: null },
  ]);
});

test('a pair is shown by its first text, and compared with a pair only', () => {
  const b: RowScores = { task: 'pairs', given: [0.5, 0.9] };
  expect(scoredRows(numbers(1, 2), b, [4, 4, 1, 1], 'data')).toEqual([
    { row: 0, shown: 0, a: null, b: 0.5, right: 4 },
    { row: 1, shown: 2, a: null, b: 0.9, right: 1 },
  ]);
});
