import { expect, test } from 'vitest';
import type { DeskCalls } from '../bridge/protocol.ts';
import { StudioError } from '../core/studio-error.ts';
import { MAX_STEPS } from '../recipe/parse-recipe.ts';
import { presetRecipe } from '../recipe/presets.ts';
import { compress, compressObstacle, setBenchmarkAfter } from './compress.ts';
import {
  addStep,
  choosePreset,
  chooseTarget,
  duplicateStep,
  importRecipe,
  moveStep,
  removeStep,
  renameRecipe,
  setEnabled,
  setOption,
  setSeed,
  setSelection,
  setTechnique,
  takeRecipeOf,
} from './edit-recipe.ts';
import { selectWeight } from './look-at.ts';
import { traitsOf } from './model-traits.ts';
import { undoRecipe } from './set-recipe.ts';
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
  expect(session().recipe).toEqual(presetRecipe('smallest', 'wasm', traitsOf(model)));
  setOption(studio, 0, 'bits', 2);
  expect(session().recipe.name).toBe('int2 block 128 + int4 block 64');
});

test('values belong to the weight that is selected last', async () => {
  const { studio, session } = await openedStudio();
  selectWeight(studio, 'a');
  selectWeight(studio, 'b');
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

test('steps are added, moved, changed and removed; each change names and plans the recipe', async () => {
  const { studio, session } = await openedStudio();
  const techniques = () => session().recipe.steps.map(({ technique }) => technique);
  expect(addStep(studio, 'magnitude')).toBe(0);
  expect(techniques()).toEqual(['magnitude', 'rtn', 'rtn']);
  expect(session().recipe.name).toBe('50 % pruned + int4 block 32 + int8 block 32');
  expect(moveStep(studio, 2, -1)).toBe(1);
  expect(session().recipe.name).toBe('50 % pruned + int8 block 32 + int4 block 32');
  const before = session().recipe;
  expect(moveStep(studio, 1, -1)).toBe(1);
  expect(session().recipe).toBe(before);
  expect(setTechnique(studio, 2, 'svd')).toBe(1);
  expect(duplicateStep(studio, 1)).toBe(2);
  removeStep(studio, 0);
  expect(techniques()).toEqual(['svd', 'svd', 'rtn']);
  await until(() => session().planning.status !== 'planning');
});

test('a selection is set and taken back without a trace', async () => {
  const { studio, session } = await openedStudio();
  setSelection(studio, 0, { name: '*dense*' });
  expect(session().recipe.steps[0]?.where).toEqual({ name: '*dense*' });
  setSelection(studio, 0, null);
  expect(session().recipe.steps[0]).not.toHaveProperty('where');
});

test('a recipe takes no more steps than its file may hold', async () => {
  const { studio, session, notice } = await openedStudio();
  const steps = Array.from({ length: MAX_STEPS }, () => ({ technique: 'rtn', options: {} }));
  const full = { ...presetRecipe('close', 'wasm'), steps };
  await importRecipe(studio, new Blob([JSON.stringify(full)]), 'full.recipe.json');
  expect(session().recipe.steps).toHaveLength(MAX_STEPS);
  expect(addStep(studio, 'rtn')).toBeNull();
  expect(duplicateStep(studio, 0)).toBeNull();
  expect(session().recipe.steps).toHaveLength(MAX_STEPS);
  expect(notice()).toBe('A recipe has at most 1,000 steps.');
});

test('a disabled step stays in the panel and is left out of plan and run', async () => {
  const { studio, session } = await openedStudio();
  setBenchmarkAfter(studio, false);
  setEnabled(studio, 1, false);
  await until(() => session().planning.status === 'ready');
  expect(session().recipe.steps[1]).toMatchObject({ enabled: false });
  expect(session().recipe.name).toBe('int4 block 32');
  expect(session().planning.plan?.steps[1]?.weightCount).toBe(0);
  await compress(studio);
  expect(session().runs[1]?.recipe?.steps).toEqual(session().recipe.steps.slice(0, 1));
  expect(compressObstacle(session())).toMatch(/^Already run/);
  setEnabled(studio, 1, true);
  expect(session().recipe).toEqual(presetRecipe('close', 'webgpu', traitsOf(model)));
});

test('a name that was given stays; an empty one gives way to what the recipe does', async () => {
  const { studio, session } = await openedStudio();
  renameRecipe(studio, '  mine ');
  setOption(studio, 0, 'bits', 8);
  expect(session().recipe.name).toBe('mine');
  renameRecipe(studio, '');
  expect(session().recipe.name).toBe('int8 block 32');
  setOption(studio, 0, 'bits', 2);
  expect(session().recipe.name).toBe('int2 block 32 + int8 block 32');
});

test('a seed is part of the recipe', async () => {
  const { studio, session } = await openedStudio();
  setSeed(studio, 7);
  expect(session().recipe.seed).toBe(7);
  undoRecipe(studio);
  expect(session().recipe.seed).toBe(1);
});
