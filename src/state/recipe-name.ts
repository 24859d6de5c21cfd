import { isActive, stepPhrase } from '../catalog/show-option.ts';
import { TECHNIQUES } from '../catalog/techniques.ts';
import { resolveOptions } from '../recipe/options.ts';
import { matchingPreset, presetRecipe } from '../recipe/presets.ts';
import type { Recipe, Step } from '../recipe/recipe.ts';

/** A name of more parts than this says how many more there are; names in files have a limit. */
const MOST_PARTS = 4;

/**
 * A short name for what a recipe does: the preset's, or what each step does in order, said once:
 * "2:4 + int8 per channel".
 */
export function nameRecipe(recipe: Recipe): string {
  const preset = matchingPreset(recipe);
  if (preset) return presetRecipe(preset, recipe.target).name;
  const parts = [...new Set(recipe.steps.map(phraseOf))];
  if (parts.length === 0) return 'no steps';
  const rest = parts.length - MOST_PARTS;
  if (rest <= 0) return parts.join(' + ');
  return `${parts.slice(0, MOST_PARTS).join(' + ')} + ${rest} more`;
}

const phraseOf = (step: Step): string =>
  stepPhrase(TECHNIQUES[step.technique], resolveOptions(step));

/** Recipes that do the same, whatever they are called. */
export const sameRecipe = (a: Recipe, b: Recipe): boolean => effect(a) === effect(b);

const effect = ({ target, seed, steps }: Recipe): string =>
  JSON.stringify([
    target,
    seed,
    steps.map((step) => [step.technique, step.where ?? {}, activeOptions(step)]),
  ]);

/** Options that are not used now make no difference. */
function activeOptions(step: Step): readonly (readonly [string, unknown])[] {
  const values = resolveOptions(step);
  return TECHNIQUES[step.technique].options
    .filter((spec) => isActive(spec, values))
    .map(({ key }) => [key, values[key]]);
}
