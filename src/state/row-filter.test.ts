import { expect, test } from 'vitest';
import { filteredRows, sidesOf } from './row-filter.ts';

const sources = { labels: [0, 1, 0, 1, 2], a: [0, 1, 1, 0, 2], b: [0, 0, 0, 0, 2, 9] };

test.each([
  ['differ', [1, 2]],
  ['lost', [1]],
  ['gained', [2]],
  ['wrong', [1, 3]],
  ['all', [0, 1, 2, 3, 4]],
] as const)('%s', (kind, rows) => {
  expect(filteredRows({ kind }, sources)).toEqual(rows);
});

test('a cell of a matrix takes its rows', () => {
  const cell = { kind: 'cell', right: 1, given: 0 } as const;
  expect(filteredRows({ ...cell, matrix: 'b' }, sources)).toEqual([1, 3]);
  expect(filteredRows({ ...cell, matrix: 'a' }, sources)).toEqual([3]);
  expect(filteredRows({ ...cell, matrix: 'pair' }, sources)).toEqual([1, 2]);
});

test('what is not known takes nothing', () => {
  const unlabelled = { ...sources, labels: null };
  expect(filteredRows({ kind: 'lost' }, unlabelled)).toEqual([]);
  expect(filteredRows({ kind: 'differ' }, { ...sources, a: null })).toEqual([]);
  expect(filteredRows({ kind: 'all' }, { a: null, b: null, labels: null })).toEqual([]);
  expect(sidesOf('a', unlabelled)).toBeNull();
});
