import { expect, test } from 'vitest';
import { closeEntry, NO_HISTORY, noteEdit, type RecipeHistory, redone, undone } from './history.ts';
import { presetRecipe } from './presets.ts';
import type { Recipe } from './recipe.ts';

const at = (seed: number): Recipe => ({ ...presetRecipe('close', 'webgpu'), seed });

/** The history after edits that lead from seed 0 to seed `count`. */
const edited = (count: number, key: (index: number) => string | null = () => null) =>
  Array.from({ length: count }, (_, index) => index).reduce<RecipeHistory>(
    (history, index) => noteEdit(history, at(index), key(index)),
    NO_HISTORY,
  );

test('undo and redo walk back and forth over every edit', () => {
  const back = undone(edited(3), at(3));
  expect(back?.recipe.seed).toBe(2);
  const further = undone(back?.history ?? NO_HISTORY, back?.recipe ?? at(9));
  expect(further?.recipe.seed).toBe(1);
  const again = redone(further?.history ?? NO_HISTORY, further?.recipe ?? at(9));
  expect(again?.recipe.seed).toBe(2);
  const last = redone(again?.history ?? NO_HISTORY, again?.recipe ?? at(9));
  expect(last?.recipe.seed).toBe(3);
  expect(redone(last?.history ?? NO_HISTORY, at(3))).toBeNull();
  expect(undone(NO_HISTORY, at(0))).toBeNull();
});

test('a moving slider is one entry, and the next move another', () => {
  const moved = edited(5, () => 'bits of step 0');
  expect(moved.past.map(({ seed }) => seed)).toEqual([0]);
  const next = noteEdit(closeEntry(moved), at(5), 'bits of step 0');
  expect(next.past.map(({ seed }) => seed)).toEqual([0, 5]);
  expect(noteEdit(moved, at(5), 'bits of step 1').past).toHaveLength(2);
});

test('an edit after undo forgets what could be redone', () => {
  const back = undone(edited(3), at(3));
  expect(noteEdit(back?.history ?? NO_HISTORY, at(2), null).future).toEqual([]);
});

test('an undone slider does not join what is moved after it', () => {
  const back = undone(
    edited(2, () => 'bits'),
    at(2),
  );
  expect(noteEdit(back?.history ?? NO_HISTORY, at(0), 'bits').past).toHaveLength(1);
});

test('what lies a hundred edits back is forgotten', () => {
  expect(edited(250).past.map(({ seed }) => seed)).toEqual(
    Array.from({ length: 100 }, (_, index) => 150 + index),
  );
});
