import { expect, test } from 'vitest';
import type { DeskCalls } from '../bridge/protocol.ts';
import { StudioError } from '../core/studio-error.ts';
import { presetRecipe } from '../recipe/presets.ts';
import { compressObstacle } from './compress.ts';
import {
  choosePreset,
  chooseTarget,
  importRecipe,
  setOption,
  takeRecipeOf,
} from './edit-recipe.ts';
import { selectWeight } from './look-at.ts';
import type { FakeHandlers } from './testing/fake-client.ts';
import { model, opened, plan } from './testing/minilm.ts';
import { openedStudio, until } from './testing/open-studio.ts';

test('the readout settles on the newest recipe, with one question open at a time', async () => {
  let open = 0;
  let most = 0;
  const slowPlan: FakeHandlers<DeskCalls>['plan'] = async ([, recipe]) => {
    open += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setTimeout(resolve, 5));
    open -= 1;
    return plan(recipe);
  };
  const { studio, session } = await openedStudio({ plan: slowPlan });
  const before = studio.desk.asked.length;
  for (const bits of [8, 2, 8, 2, 8]) setOption(studio, 0, 'bits', bits);
  await until(() => session().planning.status === 'ready');
  const { planning, recipe } = session();
  expect(planning.plan?.byteLength).toBe(plan(recipe).byteLength);
  expect(recipe.steps[0]?.options['bits']).toBe(8);
  expect(most).toBeLessThanOrEqual(2); // a preset's question may be open when the slider moves
  expect(studio.desk.asked.length - before).toBeLessThanOrEqual(4);
});

test('a plan that fails says why and keeps the last readout', async () => {
  let refuse = false;
  const { studio, session } = await openedStudio({
    plan: ([, recipe]) => {
      if (refuse) throw new StudioError('bad-recipe', 'steps[0] cannot be planned');
      return plan(recipe);
    },
  });
  refuse = true;
  setOption(studio, 0, 'bits', 2);
  await until(() => session().planning.status === 'failed');
  expect(session().planning.plan).not.toBeNull();
  expect(compressObstacle(session())).toBe('steps[0] cannot be planned');
});

test('an imported recipe replaces the recipe; a wrong one changes nothing', async () => {
  const { studio, session, notice } = await openedStudio();
  const recipe = { ...presetRecipe('smallest', 'wasm'), name: 'mine' };
  await importRecipe(studio, new Blob([JSON.stringify(recipe)]), 'mine.recipe.json');
  expect(session().recipe).toEqual(recipe);
  await importRecipe(studio, new Blob(['{"steps": 3}']), 'bad.recipe.json');
  expect(session().recipe).toEqual(recipe);
  expect(studio.store.getState().notice.tone).toBe('bad');
  expect(notice()).toMatch(/^bad\.recipe\.json: .{10}/);
});

test('a preset stays itself when the target changes', async () => {
  const { studio, session } = await openedStudio();
  choosePreset(studio, 'smallest');
  chooseTarget(studio, 'wasm');
  expect(session().recipe).toEqual(presetRecipe('smallest', 'wasm'));
  setOption(studio, 0, 'bits', 2);
  expect(session().recipe.name).toBe('int2 block 128 + int4 block 64');
});

test('values belong to the weight that is selected last', async () => {
  const { studio, session } = await openedStudio();
  void selectWeight(studio, 'a');
  await selectWeight(studio, 'b');
  await until(() => session().values.status === 'ready');
  expect(session().values).toMatchObject({ weight: 'b' });
});

test("a run's recipe is put back as it was, and planned", async () => {
  const { studio, session, notice } = await openedStudio();
  const recipe = { ...presetRecipe('close', 'wasm'), name: 'mine' };
  choosePreset(studio, 'smallest');
  takeRecipeOf(studio, { recipe });
  expect(session().recipe).toEqual(recipe);
  await until(() => session().planning.status === 'ready');
  expect(session().planning.plan?.byteLength).toBe(plan(recipe).byteLength);
  expect(notice()).toBe('The recipe is mine, 2 steps.');
  takeRecipeOf(studio, { recipe: null });
  expect(session().recipe).toEqual(recipe);
});

test('a model without compressible weights says that before anything is pressed', async () => {
  const weights = model.weights.map((weight) => ({ ...weight, notCompressible: 'Conv' }));
  const { session } = await openedStudio({
    open: () => ({ ...opened, model: { ...model, weights } }),
  });
  expect(compressObstacle(session())).toBe('No weight of this model is compressible');
});
