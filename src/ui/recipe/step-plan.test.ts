import { expect, test } from 'vitest';
import { presetRecipe } from '../../recipe/presets.ts';
import { plan } from '../../state/testing/minilm.ts';
import { stepPlan } from './step-plan.ts';

test('figures of a plan with other steps stand on no card', () => {
  const recipe = presetRecipe('close', 'wasm');
  const planning = { status: 'ready', plan: plan(recipe) } as const;
  expect(stepPlan({ planning, recipe }, 0)?.weightCount).toBeGreaterThan(0);
  const [first] = recipe.steps;
  const added = { ...recipe, steps: first ? [first, ...recipe.steps] : [] };
  const pending = { ...planning, status: 'planning' } as const;
  expect(stepPlan({ planning: pending, recipe: added }, 0)).toBeNull();
});
