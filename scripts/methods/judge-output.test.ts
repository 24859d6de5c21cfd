import { expect, test } from 'vitest';
import { compareRows } from './judge-output.mjs';

const count = 1000;
const rows = Array.from({ length: count }, (_, at) => ({
  ...{ label: 0, predicted: at % 2 },
  logits: at % 2 ? [1, 1.25] : [2, 1],
}));
const answers = rows.map(({ predicted }) => predicted);
const flipped = (...at: number[]) =>
  answers.map((answer, row) => (at.includes(row) ? 1 - answer : answer));

test('rows that are answered alike are right', () => {
  expect(compareRows(rows, answers, 500, false)).toEqual({ differing: 0, ties: [], faults: [] });
});

test('floats may not differ in a row; 8-bit inputs in two of 1,000', () => {
  const one = compareRows(rows, flipped(3), 501, false);
  expect(one.ties).toEqual(['row 3: 0.25']);
  expect(one.faults).toEqual(['1 rows differ, 0 allowed', '501 right, Python 500']);
  expect(compareRows(rows, flipped(3, 4), 500, true)).toMatchObject({ differing: 2, faults: [] });
  expect(compareRows(rows, flipped(3, 4, 6), 499, true).faults).toEqual([
    '3 rows differ, 2 allowed',
  ]);
});

test('rows that one side lacks are told', () => {
  const { faults } = compareRows(rows, answers.slice(1), 500, true);
  expect(faults[0]).toBe('the page has 999 rows, Python 1000');
});
