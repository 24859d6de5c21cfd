import { expect, test } from 'vitest';
import { chosenWeights, markWeights, selectWeight, toggleMark } from './look-at.ts';
import { leaveAlone, overrideWeights, releaseWeights } from './override-weights.ts';
import { undoRecipe } from './set-recipe.ts';
import { openedStudio, until } from './testing/open-studio.ts';

const QUERY = 'encoder.layer.0.attention.self.query.weight';
const KEY = 'encoder.layer.0.attention.self.key.weight';
const BIAS = 'encoder.layer.0.attention.self.key.bias';
const INT8 = { technique: 'rtn', options: { bits: 8 } } as const;

test('an override is planned at once, told, and undone as one edit', async () => {
  const { studio, session, notice } = await openedStudio();
  const before = session().recipe;
  const bytes = session().planning.plan?.byteLength ?? 0;
  expect(overrideWeights(studio, [QUERY, BIAS], INT8)).toBe(0);
  expect(notice()).toBe('Step 1 takes encoder.layer.0.attention.self.query first: int8 block 32.');
  expect(session().recipe.steps).toHaveLength(before.steps.length + 1);
  await until(() => session().planning.status === 'ready');
  expect(session().planning.plan?.byteLength).toBe(bytes + (384 * 384) / 2);
  undoRecipe(studio);
  expect(session().recipe).toEqual(before);
});

test('weights are left alone, and taken again', async () => {
  const { studio, session, notice } = await openedStudio();
  const before = session().recipe;
  leaveAlone(studio, [QUERY, KEY]);
  expect(notice()).toBe('Left alone: 2 weights.');
  await until(() => session().planning.status === 'ready');
  const alone = session().planning.plan?.weights.filter(
    ({ name, step }) => step === null && [QUERY, KEY].includes(name),
  );
  expect(alone).toHaveLength(2);
  releaseWeights(studio, [KEY, QUERY]);
  expect(session().recipe.steps).toEqual(before.steps);
});

test('what no recipe can say changes nothing and is told', async () => {
  const { studio, session, notice } = await openedStudio();
  const { steps, ...recipe } = session().recipe;
  const where = { not: { op: 'Gather' } };
  const by = { ...recipe, steps: steps.map((step) => ({ ...step, where })) };
  studio.store.setState({ session: { ...session(), recipe: by } });
  leaveAlone(studio, [QUERY]);
  expect(session().recipe).toBe(by);
  expect(notice()).toMatch(/^Step 1 has exceptions/);
});

test('weights are marked together, the selected one among them', async () => {
  const { studio, session } = await openedStudio();
  selectWeight(studio, 'a');
  toggleMark(studio, 'b');
  expect(chosenWeights(session())).toEqual(['a', 'b']);
  expect(session().selectedWeight).toBe('b');
  toggleMark(studio, 'b');
  expect(session()).toMatchObject({ selectedWeight: 'a' });
  expect(session().markedWeights.size).toBe(0);
  markWeights(studio, ['a', 'b', 'c'], 'c');
  expect(session().markedWeights.size).toBe(3);
  selectWeight(studio, 'd');
  expect(chosenWeights(session())).toEqual(['d']);
  toggleMark(studio, 'd');
  expect(chosenWeights(session())).toEqual([]);
});
