/** Reading and changing the options of steps; recipes are never changed in place. */
import type { TargetId } from '../catalog/targets.ts';
import type { OptionValue } from '../catalog/technique.ts';
import { TECHNIQUES } from '../catalog/techniques.ts';
import { assert } from '../core/assert.ts';
import type { Recipe, Step } from './recipe.ts';

/** Every option of the step's technique: as given, or else the catalog's default. */
export function resolveOptions(step: Step): Readonly<Record<string, OptionValue>> {
  const specs = TECHNIQUES[step.technique].options;
  return Object.fromEntries(
    specs.map((spec) => [spec.key, step.options[spec.key] ?? spec.default]),
  );
}

/** The recipe with one option of one step given; the step must exist and know the option. */
export function withOption(
  recipe: Recipe,
  stepIndex: number,
  key: string,
  value: OptionValue,
): Recipe {
  const step = recipe.steps[stepIndex];
  assert(step, `no step ${stepIndex} in a recipe of ${recipe.steps.length}`);
  const known = TECHNIQUES[step.technique].options.some((spec) => spec.key === key);
  assert(known, `${step.technique} has no option ${key}`);
  const changed = { ...step, options: { ...step.options, [key]: value } };
  return { ...recipe, steps: recipe.steps.with(stepIndex, changed) };
}

export const withTarget = (recipe: Recipe, target: TargetId): Recipe => ({ ...recipe, target });
