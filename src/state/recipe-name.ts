import { isActive, stepPhrase } from '../catalog/show-option.ts';
import { TECHNIQUES } from '../catalog/techniques.ts';
import { ANY_MODEL, type ModelTraits } from '../recipe/model-traits.ts';
import { resolveOptions } from '../recipe/options.ts';
import { matchingPreset, presetRecipe } from '../recipe/presets.ts';
import type { Recipe, Step } from '../recipe/recipe.ts';
import { enabledOnly } from '../recipe/steps.ts';

/** A name of more parts than this says how many more there are; names in files have a limit. */
const MOST_PARTS = 4;

/**
 * A short name for what a recipe does: the preset's, or what each enabled step does in order, said
 * once: "2:4 + int8 per channel".
 */
export function nameRecipe(recipe: Recipe, traits: ModelTraits = ANY_MODEL): string {
  const done = enabledOnly(recipe);
  const preset = matchingPreset(done, traits);
  if (preset) return presetRecipe(preset, recipe.target, traits).name;
  const parts = [...new Set(done.steps.map(phraseOf))];
  if (parts.length === 0) return 'no steps';
  const rest = parts.length - MOST_PARTS;
  if (rest <= 0) return parts.join(' + ');
  return `${parts.slice(0, MOST_PARTS).join(' + ')} + ${rest} more`;
}

const phraseOf = (step: Step): string =>
  stepPhrase(TECHNIQUES[step.technique], resolveOptions(step));

/** Recipes that do the same, whatever they are called. */
export const sameRecipe = (a: Recipe, b: Recipe): boolean => a === b || effectOf(a) === effectOf(b);

/** Of recipes that are asked about at every change of the page, by each of its runs. */
const effects = new WeakMap<Recipe, string>();

function effectOf(recipe: Recipe): string {
  const known = effects.get(recipe);
  if (known !== undefined) return known;
  const { target, seed, steps } = enabledOnly(recipe);
  const effect = JSON.stringify([
    target,
    seed,
    steps.map((step) => [step.technique, step.where ?? {}, activeOptions(step)]),
  ]);
  effects.set(recipe, effect);
  return effect;
}

/** Options that are not used now make no difference. */
function activeOptions(step: Step): readonly (readonly [string, unknown])[] {
  const values = resolveOptions(step);
  return TECHNIQUES[step.technique].options
    .filter((spec) => isActive(spec, values))
    .map(({ key }) => [key, values[key]]);
}
