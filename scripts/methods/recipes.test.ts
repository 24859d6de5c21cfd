import { expect, test } from 'vitest';
import { isTargetId } from '../../src/catalog/targets.ts';
import { TECHNIQUES } from '../../src/catalog/techniques.ts';
import { parseRecipe } from '../../src/recipe/parse-recipe.ts';
import { METHODS, recipeOf } from './recipes.mjs';

test('every technique of the catalog is among the methods', () => {
  const tried = METHODS.flatMap(({ steps }) => steps.map(({ technique }) => technique));
  expect(Object.keys(TECHNIQUES).filter((id) => !tried.some((it) => it === id))).toEqual([]);
});

test('every method has a name of its own, and a recipe that can be opened', () => {
  expect(new Set(METHODS.map(({ name }) => name)).size).toBe(METHODS.length);
  for (const method of METHODS) {
    const recipe = parseRecipe(recipeOf(method, {}));
    expect(isTargetId(recipe.target)).toBe(true);
    expect(recipe.steps).toHaveLength(method.steps.length);
  }
});

test('a method has its natural target unless another is asked for', () => {
  const [static8] = METHODS.filter(({ name }) => name === 'int8 static');
  if (!static8) throw new Error('there is a static method');
  expect(recipeOf(static8, {}).target).toBe('portable');
  expect(recipeOf(static8, { target: 'wasm', seed: 3 })).toMatchObject({ target: 'wasm', seed: 3 });
});
