import { expect, test } from 'vitest';
import type { Step } from '../../recipe/recipe.ts';
import { keySteps, NO_STEPS } from './step-keys.ts';

const step = (bits: number): Step => ({ technique: 'rtn', options: { bits } });
const [a, b, c] = [step(2), step(4), step(8)];
const start = keySteps(NO_STEPS, [a, b]);

test('keys follow steps that move', () => {
  expect(start.keys).toEqual([0, 1]);
  expect(keySteps(start, [b, a]).keys).toEqual([1, 0]);
});

test('a changed step keeps its key, also if it moved by the change', () => {
  expect(keySteps(start, [a, c]).keys).toEqual([0, 1]);
  expect(keySteps(start, [c, a]).keys).toEqual([1, 0]);
});

test('an added step has a new key, a removed one takes its key away for good', () => {
  const added = keySteps(start, [a, c, b]);
  expect(added.keys).toEqual([0, 2, 1]);
  const removed = keySteps(added, [a, b]);
  expect(removed.keys).toEqual([0, 1]);
  expect(keySteps(removed, [a, b, c]).keys).toEqual([0, 1, 3]);
});

test('nothing is keyed anew while the steps are the same', () => {
  expect(keySteps(start, start.steps)).toBe(start);
});
