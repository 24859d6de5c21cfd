import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { classCountOf, confusionOf, largestConfusions } from './confusion.ts';

test('counts what was given where which was right', () => {
  const { counts, total, outside } = confusionOf([0, 1, 1, 2, 2, 2], [0, 1, 2, 1, 1, -1], 3);
  expect([...counts]).toEqual([1, 0, 0, 0, 1, 1, 0, 2, 0]);
  expect([total, outside]).toEqual([6, 1]);
});

test('rows that only one side has do not count', () => {
  expect(confusionOf([0, 1, 1], [0], 2)).toMatchObject({ total: 1, outside: 0 });
});

test('the largest confusions come first, the diagonal never', () => {
  const confusion = confusionOf([0, 1, 1, 2, 2, 2], [0, 1, 2, 1, 1, 0], 3);
  expect(largestConfusions(confusion, 2)).toEqual([
    { right: 2, given: 1, count: 2 },
    { right: 1, given: 2, count: 1 },
  ]);
});

test('a thousand classes and 50,000 rows: the same largest as by sorting all', () => {
  const random = seededRandom(3);
  const wanted = Array.from({ length: 50_000 }, () => random.below(1000));
  const given = wanted.map((right) => (random.below(4) > 0 ? right : random.below(30)));
  const confusion = confusionOf(wanted, given, 1000);
  const all = [...confusion.counts.entries()]
    .filter(([at, count]) => count > 0 && at % 1000 !== Math.floor(at / 1000))
    .map(([at, count]) => ({ right: Math.floor(at / 1000), given: at % 1000, count }))
    .sort((a, b) => b.count - a.count || a.right - b.right || a.given - b.given);
  expect(largestConfusions(confusion, 20)).toEqual(all.slice(0, 20));
});

test('classes are as many as names, labels or answers say', () => {
  expect(classCountOf(['a', 'b'], [0, 4], [2])).toBe(5);
  expect(classCountOf(['a', 'b', 'c'], [0])).toBe(3);
  expect(classCountOf([], [])).toBe(0);
});
