import { expect, test } from 'vitest';
import { answersNote } from './label-words.ts';

const asked = (...counts: readonly number[]) => ({
  value: 'bad',
  rows: 8,
  classes: counts.map((count, index) => ({ index, count })),
});
const NAMES = ['class 0', 'class 1'];

test('what the original answers stands in counts, and doubts a choice that most rows contradict', () => {
  expect(answersNote(asked(7, 1), NAMES, undefined)).toEqual({
    words: 'Of 8 such rows the original answers class 0 for 7, class 1 for 1.',
    doubt: false,
  });
  expect(answersNote(asked(7, 1), NAMES, 0).doubt).toBe(false);
  expect(answersNote(asked(7, 1), NAMES, 1)).toEqual({
    words: 'Of 8 such rows the original answers class 0 for 7, class 1 for 1: not what is chosen.',
    doubt: true,
  });
  expect(answersNote(asked(4, 4), NAMES, 1).doubt).toBe(false);
  expect(answersNote(asked(), NAMES, 1).words).toBe('The original answers none of 8 such rows.');
  expect(answersNote({ value: 'bad', rows: 0, classes: [] }, NAMES, 1).words).toContain('No row');
});
