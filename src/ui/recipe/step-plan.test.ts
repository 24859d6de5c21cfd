import { expect, test } from 'vitest';
import { presetRecipe } from '../../recipe/presets.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { plan } from '../../state/testing/minilm.ts';
import { alsoActing, stepPlan } from './step-plan.ts';

const recipe = presetRecipe('close', 'wasm');
const [first, second] = recipe.steps;
if (!first || !second) throw new Error('the preset has two steps');
const ready = { status: 'ready', plan: plan(recipe), of: recipe } as const;
const shown = (now: Recipe) =>
  stepPlan({ planning: { ...ready, status: 'planning' }, recipe: now }, 0)?.weightCount ?? null;

test('a plan says what its steps do', () => {
  expect(stepPlan({ planning: ready, recipe }, 0)?.weightCount).toBeGreaterThan(0);
});

test.each<[string, Recipe]>([
  ['one more step', { ...recipe, steps: [first, ...recipe.steps] }],
  ['another technique', { ...recipe, steps: [{ technique: 'fp16', options: {} }, second] }],
  ['another order', { ...recipe, steps: [second, first] }],
  ['other weights', { ...recipe, steps: [{ ...first, where: { op: 'Conv' } }, second] }],
  ['a step that is off', { ...recipe, steps: [{ ...first, enabled: false }, second] }],
  ['another target', { ...recipe, target: 'portable' }],
])('figures of a plan before %s stand on no card', (_, now) => {
  expect(shown(now)).toBeNull();
});

test('figures stay while an option moves', () => {
  const moved = { ...first, options: { ...first.options, bits: 2 } };
  expect(shown({ ...recipe, steps: [moved, second] })).toBe(ready.plan.steps[0]?.weightCount);
});

test('steps that act on the same weights are named by each other', () => {
  const [weight] = ready.plan.weights;
  if (!weight) throw new Error('the plan has weights');
  const weights = [
    { ...weight, step: 2, steps: [0, 2] },
    { ...weight, step: 1 },
  ];
  const of = (index: number) => alsoActing({ ...ready.plan, weights }, index);
  expect([of(0), of(1), of(2)]).toEqual([[2], [], [0]]);
  expect(alsoActing(null, 0)).toEqual([]);
});
