import { TECHNIQUES } from '../catalog/techniques.ts';
import { resolveOptions } from '../recipe/options.ts';
import { matchingPreset, presetRecipe } from '../recipe/presets.ts';
import type { Recipe } from '../recipe/recipe.ts';

/**
 * A short name for what a recipe does: the preset's, or technique and main options of each step,
 * "rtn 4·32 + 8·channel".
 */
export function nameRecipe(recipe: Recipe): string {
  const preset = matchingPreset(recipe);
  if (preset) return presetRecipe(preset, recipe.target).name;
  let previous = '';
  const parts = recipe.steps.map((step) => {
    const options = resolveOptions(step);
    const main = TECHNIQUES[step.technique].options.filter(({ level }) => level === 'main');
    const values = main.map(({ key }) => String(options[key])).join('·');
    const part = step.technique === previous ? values : `${step.technique} ${values}`;
    previous = step.technique;
    return part;
  });
  return parts.length === 0 ? 'no steps' : parts.join(' + ');
}

/** Recipes that do the same, whatever they are called. */
export const sameRecipe = (a: Recipe, b: Recipe): boolean => effect(a) === effect(b);

const effect = ({ target, seed, steps }: Recipe): string =>
  JSON.stringify([
    target,
    seed,
    steps.map((step) => [step.technique, step.where ?? {}, resolveOptions(step)]),
  ]);
