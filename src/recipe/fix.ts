/** What mends a warning, as an edit that a person can take with one press. */
import { isTargetId, type TargetId } from '../catalog/targets.ts';
import type { OptionValue } from '../catalog/technique.ts';
import { isTechniqueId, TECHNIQUES } from '../catalog/techniques.ts';
import { StudioError } from '../core/studio-error.ts';
import { withOption, withTarget } from './options.ts';
import { MAX_STEPS, parseRecipe } from './parse-recipe.ts';
import type { Recipe, Step } from './recipe.ts';
import { withStep } from './steps.ts';

export type RecipeFix = {
  /** Of the button: "Use target WASM". */
  readonly label: string;
} & (
  | { readonly kind: 'target'; readonly target: TargetId }
  | {
      readonly kind: 'option';
      readonly step: number;
      readonly key: string;
      readonly value: OptionValue;
    }
  | { readonly kind: 'step'; readonly step: Step }
);

/**
 * The recipe with the fix taken; null if it does not fit the recipe (any more) or changes nothing.
 * A fix comes from a plan, which may be of an older recipe.
 */
export function fixedRecipe(recipe: Recipe, fix: RecipeFix): Recipe | null {
  const fixed = taken(recipe, fix);
  if (!fixed || !isRecipe(fixed)) return null;
  return JSON.stringify(fixed) === JSON.stringify(recipe) ? null : fixed;
}

function taken(recipe: Recipe, fix: RecipeFix): Recipe | null {
  switch (fix.kind) {
    case 'target':
      return isTargetId(fix.target) ? withTarget(recipe, fix.target) : null;
    case 'option': {
      const technique = recipe.steps[fix.step]?.technique;
      const known = technique && TECHNIQUES[technique].options.some(({ key }) => key === fix.key);
      return known ? withOption(recipe, fix.step, fix.key, fix.value) : null;
    }
    case 'step':
      return recipe.steps.length < MAX_STEPS && isTechniqueId(fix.step.technique)
        ? withStep(recipe, fix.step).recipe
        : null;
  }
}

function isRecipe(recipe: Recipe): boolean {
  try {
    parseRecipe(recipe);
    return true;
  } catch (error) {
    if (error instanceof StudioError) return false;
    throw error;
  }
}
