import { expect, test } from 'vitest';
import type { Role, RowSet } from './rows.ts';
import { roleOf, splitRows } from './splits.ts';

const setOf = (path: string, keys: readonly string[], role: Role = roleOf(path)): RowSet => ({
  path,
  role,
  count: keys.length,
  key: (index) => keys[index] ?? '',
  text: (index) => keys[index] ?? null,
  label: () => 0,
  tokens: () => null,
  width: 1,
  feeds: () => ({}),
});
const words = (count: number, prefix = 'row') =>
  Array.from({ length: count }, (_, index) => `${prefix} ${index}`);
const textsOf = (rows: { count: number; text(index: number): string | null }) =>
  Array.from({ length: rows.count }, (_, index) => rows.text(index));

test.each([
  ['calibration.npz', 'calibration'],
  ['a/b/Train-00.csv', 'train'],
  ['x/test.csv', 'evaluation'],
  ['dev.csv', 'evaluation'],
  ['validation.csv', 'evaluation'],
  ['train/part.csv', 'unnamed'],
])('%s is for %s', (path, role) => {
  expect(roleOf(path)).toBe(role);
});

test('a single set is split 20/80, the same way in any order and with equal rows together', () => {
  const keys = [...words(1000), ...words(50)];
  const { evaluation, calibration } = splitRows([setOf('data.csv', keys)], 1);
  expect(evaluation.count + calibration.count).toBe(1050);
  expect(calibration.count / 1050).toBeGreaterThan(0.16);
  expect(calibration.count / 1050).toBeLessThan(0.24);
  const fit = new Set(textsOf(calibration));
  expect(textsOf(evaluation).filter((text) => fit.has(text))).toEqual([]);
  const turned = splitRows([setOf('data.csv', keys.toReversed())], 1);
  expect(textsOf(turned.calibration).sort()).toEqual(textsOf(calibration).sort());
  const other = splitRows([setOf('data.csv', keys)], 2);
  expect(textsOf(other.calibration)).not.toEqual(textsOf(calibration));
});

test('named sets keep their roles; rows in both are dropped from calibration', () => {
  const { evaluation, calibration } = splitRows(
    [setOf('test.csv', words(10)), setOf('train.csv', words(15))],
    1,
  );
  expect(textsOf(evaluation)).toEqual(words(10));
  expect(textsOf(calibration)).toEqual(words(15).slice(10));
});

test('calibration is capped at 512, calib* before train*', () => {
  const { calibration } = splitRows(
    [
      setOf('train.csv', words(2000, 'train')),
      setOf('calib.csv', words(100, 'calib')),
      setOf('test.csv', words(10)),
    ],
    1,
  );
  expect(calibration.count).toBe(512);
  expect(textsOf(calibration).filter((text) => text?.startsWith('calib'))).toHaveLength(100);
});

test('an unnamed set measures beside a training set and gives way to a test set', () => {
  const data = setOf('data.csv', words(10));
  const train = setOf('train.csv', words(5, 'train'));
  expect(splitRows([data, train], 1).evaluationPaths).toEqual(['data.csv']);
  const split = splitRows([data, train, setOf('test.csv', words(3, 'test'))], 1);
  expect(split.evaluationPaths).toEqual(['test.csv']);
  expect(split.unused).toEqual(['data.csv']);
});

test('a set that is named for measuring and comes alone is measured whole', () => {
  const split = splitRows([setOf('test.csv', words(10, 'row'))], 1);
  expect(split.evaluation.count).toBe(10);
  expect(split.calibration.count).toBe(0);
});
