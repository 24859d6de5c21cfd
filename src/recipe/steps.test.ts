import { expect, test } from 'vitest';
import { parseRecipe } from './parse-recipe.ts';
import type { Recipe, Step } from './recipe.ts';
import { recipeToJson } from './recipe-json.ts';
import { assignSteps } from './select.ts';
import {
  canMove,
  enabledOnly,
  withDuplicate,
  withEnabled,
  withMoved,
  withoutStep,
  withStep,
  withTechnique,
} from './steps.ts';

const step = (technique: Step['technique'], options: Step['options'] = {}): Step => ({
  technique,
  options,
});

const recipe = (...steps: readonly Step[]): Recipe => ({
  format: 'whittle-recipe',
  version: 1,
  name: 'test',
  target: 'webgpu',
  seed: 1,
  steps,
});

const techniques = ({ steps }: Recipe) => steps.map(({ technique }) => technique);

test('a new step goes to the end of its family, whatever the order of adding', () => {
  const added = (['rtn', 'svd', 'magnitude', 'fp16', 'svd'] as const).reduce(
    (before, technique) => withStep(before, step(technique)).recipe,
    recipe(),
  );
  expect(techniques(added)).toEqual(['magnitude', 'svd', 'svd', 'rtn', 'fp16']);
  expect(parseRecipe(added)).toEqual(added);
  expect(withStep(added, step('magnitude')).index).toBe(1);
});

test('removing takes one step and leaves the others', () => {
  const three = recipe(step('magnitude'), step('svd'), step('rtn'));
  expect(techniques(withoutStep(three, 1))).toEqual(['magnitude', 'rtn']);
  expect(techniques(three)).toHaveLength(3);
});

test('a duplicate follows its step and shares nothing with it', () => {
  const one = recipe({ ...step('rtn', { bits: 8 }), where: { op: ['MatMul'] } });
  const { recipe: two, index } = withDuplicate(one, 0);
  expect(index).toBe(1);
  expect(two.steps[1]).toEqual(one.steps[0]);
  expect(two.steps[1]).not.toBe(one.steps[0]);
  expect(two.steps[1]?.where).not.toBe(one.steps[0]?.where);
});

test('a step moves within its family only', () => {
  const four = recipe(step('magnitude'), step('rtn', { bits: 2 }), step('fp16'), step('rtn'));
  expect(canMove(four, 0, 1)).toBe(false);
  expect(canMove(four, 1, -1)).toBe(false);
  expect(canMove(four, 3, 1)).toBe(false);
  expect(canMove(four, 1, 1)).toBe(true);
  const { recipe: moved, index } = withMoved(four, 1, 1);
  expect(index).toBe(2);
  expect(techniques(moved)).toEqual(['magnitude', 'fp16', 'rtn', 'rtn']);
  expect(withMoved(moved, 2, -1).recipe).toEqual(four);
});

test('another technique of the family stays in place, one of another family finds its own', () => {
  const two = recipe(step('rtn', { bits: 8 }), step('rtn'));
  expect(withTechnique(two, 0, 'fp16')).toMatchObject({ index: 0 });
  const pruned = withTechnique(two, 1, 'magnitude');
  expect(pruned.index).toBe(0);
  expect(techniques(pruned.recipe)).toEqual(['magnitude', 'rtn']);
  const back = withTechnique(pruned.recipe, 0, 'rtn');
  expect(back.index).toBe(1);
  expect(back.recipe.steps[0]?.options).toEqual({ bits: 8 });
});

test('the selection stays with the step, options only where the new technique has them', () => {
  const one = recipe({ ...step('rtn', { bits: 8 }), where: { name: '*dense*' } });
  const { recipe: changed } = withTechnique(one, 0, 'magnitude');
  expect(changed.steps[0]).toEqual({
    technique: 'magnitude',
    where: { name: '*dense*' },
    options: {},
  });
  const same = withTechnique(one, 0, 'rtn').recipe;
  expect(same).toEqual(one);
});

test('a disabled step keeps its place and takes no weight; enabled again it is as it was', () => {
  const two = recipe(step('rtn', { bits: 2 }), step('rtn'));
  const off = withEnabled(two, 0, false);
  expect(off.steps[0]).toEqual({ ...step('rtn', { bits: 2 }), enabled: false });
  expect(enabledOnly(off).steps).toEqual([step('rtn')]);
  expect(enabledOnly(two)).toBe(two);
  const weight = {
    name: 'w',
    label: 'w',
    elementCount: 4096,
    uses: [{ op: 'MatMul', nodeName: 'm' }],
  };
  expect(assignSteps(off, [weight])).toEqual([[1]]);
  expect(withEnabled(off, 0, true)).toEqual(two);
  expect(parseRecipe(JSON.parse(recipeToJson(off)))).toEqual(off);
});
