import { expect, test } from 'vitest';
import { repeatsOf } from './repeats.ts';

test.each([
  ['', []],
  ['a', []],
  ['ab', []],
  ['aa', [[0, 1, 2]]],
  ['amamam', [[0, 2, 3]]],
  ['acmacm', [[0, 3, 2]]],
  ['dafafah', [[1, 2, 2]]],
  [
    'aaabbb',
    [
      [0, 1, 3],
      [3, 1, 3],
    ],
  ],
  [
    'xamamyaa',
    [
      [1, 2, 2],
      [6, 1, 2],
    ],
  ],
  ['ababa', [[0, 2, 2]]],
] as const)('%s repeats', (kinds, expected) => {
  const found = repeatsOf([...kinds]).map(({ start, period, count }) => [start, period, count]);
  expect(found).toEqual(expected);
});
