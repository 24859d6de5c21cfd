import { expect, test } from 'vitest';
import { classNames } from './class-names.ts';

test.each([
  ['nothing names any', [], {}, []],
  ['matched labels name them', [], { positive: 1, negative: 0 }, ['negative', 'positive']],
  ['one of several labels of a class', [], { bad: 0, awful: 0, good: 1 }, ['bad', 'good']],
  ['a class that no label is', [], { good: 1 }, ['class 0', 'good']],
  ['config.json goes first', ['NEG', 'POS'], { bad: 0, good: 1 }, ['NEG', 'POS']],
  ['but not where it names none', ['LABEL_0', 'LABEL_1'], { bad: 0 }, ['bad', 'LABEL_1']],
  ['numbers out of reach', [], { far: 1_000_000 }, []],
])('%s', (_, labels, matched, names) => {
  expect(classNames({ labels }, { labels: matched })).toEqual(names);
});
