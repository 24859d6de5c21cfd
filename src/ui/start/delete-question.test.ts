import { expect, test } from 'vitest';
import type { KeptSession } from '../../report/kept.ts';
import { deleteQuestion } from './delete-question.ts';

const run = {} as KeptSession['runs'][number];

test.each([
  [[], 0, 'Delete model?'],
  [[], 91e6, 'Delete model, 91.0 MB?'],
  [[run], 0, 'Delete model with 1 run?'],
  [[run, run], 91e6, 'Delete model with 2 runs, 91.0 MB?'],
])('runs %j, %i B: %s', (runs, diskBytes, question) => {
  expect(deleteQuestion({ title: 'model', runs, diskBytes })).toBe(question);
});
