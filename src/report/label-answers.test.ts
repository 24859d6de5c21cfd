import { expect, test } from 'vitest';
import { askedRows, labelAnswers, matchedBy } from './label-answers.ts';

const need = {
  kind: 'labels',
  file: 'reviews.csv',
  reason: 'reviews.csv: row 1 has the label "bad".',
  values: [
    { value: 'bad', row: 1, count: 9 },
    { value: 'good', row: 2, count: 9 },
  ],
  classes: ['class 0', 'class 1'],
} as const;

test('answers are counted by class, and rows without one count as rows', () => {
  expect(labelAnswers('bad', [0, 1, 0, 0, -1])).toEqual({
    value: 'bad',
    rows: 5,
    classes: [
      { index: 0, count: 3 },
      { index: 1, count: 1 },
    ],
  });
  expect(labelAnswers('bad', [])).toEqual({ value: 'bad', rows: 0, classes: [] });
});

test('few labels have more rows each, and many are not all asked', () => {
  expect(askedRows(2)).toEqual({ each: 8, values: 2 });
  expect(askedRows(10)).toEqual({ each: 3, values: 10 });
  expect(askedRows(100)).toEqual({ each: 1, values: 32 });
});

test('a match is told only where each label has a class of its own for most of its rows', () => {
  const bad = labelAnswers('bad', [0, 0, 0, 1]);
  const good = labelAnswers('good', [1, 1, 0, 1]);
  expect(matchedBy(need, [bad, good])).toEqual({ bad: 0, good: 1 });
  expect(matchedBy(need, [bad, labelAnswers('good', [0, 0, 0, 1])])).toBeNull(); // both the same
  expect(matchedBy(need, [bad, labelAnswers('good', [1, 0])])).toBeNull(); // a half is no most
  expect(matchedBy(need, [bad])).toBeNull();
  expect(matchedBy(need, [bad, labelAnswers('good', [2, 2])])).toBeNull(); // no class by that number
});
