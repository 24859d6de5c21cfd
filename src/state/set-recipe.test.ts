import { expect, test } from 'vitest';
import { choosePreset, setOption } from './edit-recipe.ts';
import { holdEdits, redoRecipe, releaseEdits, undoRecipe } from './set-recipe.ts';
import { openedStudio, until } from './testing/open-studio.ts';

/** A studio whose clock the test moves. */
async function timedStudio() {
  const it = await openedStudio();
  let ms = Date.parse('2026-11-20T13:41:22Z');
  const studio = { ...it.studio, effects: { ...it.studio.effects, now: () => new Date(ms) } };
  const bits = () => it.session().recipe.steps[0]?.options['bits'];
  const wait = (by: number) => {
    ms += by;
  };
  return { ...it, studio, bits, wait };
}

test('undo brings back the recipe and its plan, redo what was undone', async () => {
  const { studio, session, notice } = await timedStudio();
  const before = session().recipe;
  const bytes = session().planning.plan?.byteLength;
  choosePreset(studio, 'smallest');
  const after = session().recipe;
  undoRecipe(studio);
  expect(session().recipe).toBe(before);
  expect(notice()).toBe('Undone. The recipe is int4 block 32 + int8 embeddings, 2 steps.');
  await until(() => session().planning.status === 'ready');
  expect(session().planning.plan?.byteLength).toBe(bytes);
  redoRecipe(studio);
  expect(session().recipe).toBe(after);
  redoRecipe(studio);
  expect(notice()).toBe('Nothing to redo.');
});

test('a slider that a pointer holds is one edit, however long it rests', async () => {
  const { studio, session, bits, wait } = await timedStudio();
  holdEdits(studio);
  for (const value of [8, 2, 8]) {
    setOption(studio, 0, 'bits', value);
    wait(5000);
  }
  releaseEdits(studio);
  setOption(studio, 0, 'bits', 2);
  expect(session().history.past).toHaveLength(2);
  undoRecipe(studio);
  expect(bits()).toBe(8);
  undoRecipe(studio);
  expect(bits()).toBe(4);
});

test('keys in quick succession are one edit, later ones another', async () => {
  const { studio, session, bits, wait } = await timedStudio();
  setOption(studio, 0, 'bits', 8);
  wait(400);
  setOption(studio, 0, 'bits', 2);
  wait(1500);
  setOption(studio, 0, 'bits', 8);
  setOption(studio, 1, 'bits', 2);
  expect(session().history.past).toHaveLength(3);
  undoRecipe(studio);
  undoRecipe(studio);
  expect(bits()).toBe(2);
});
