import { expect, test } from 'vitest';
import { parseRecipe } from '../recipe/parse-recipe.ts';
import { presetRecipe } from '../recipe/presets.ts';
import { patternProblem } from './name-pattern.ts';

const accepted = (name: string): boolean => {
  const recipe = presetRecipe('half', 'wasm');
  try {
    parseRecipe({ ...recipe, steps: recipe.steps.map((step) => ({ ...step, where: { name } })) });
    return true;
  } catch {
    return false;
  }
};

test.each(['*', '*/dense/*', '[', 're:', 're:layer\\.[0-3]', 're:(', 're:(?=a)', 'x'.repeat(501)])(
  'the field takes %s if a recipe does',
  (name) => {
    expect(patternProblem(name) === null).toBe(accepted(name));
  },
);

test('what is wrong is said in a sentence', () => {
  expect(patternProblem('re:(')).toContain('without its )');
});
