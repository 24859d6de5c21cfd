/** Adding, moving and changing steps; families keep their order, and recipes are never changed in place. */
import type { Family, OptionSpec, OptionValue } from '../catalog/technique.ts';
import { TECHNIQUES, type TechniqueId } from '../catalog/techniques.ts';
import { assert } from '../core/assert.ts';
import type { Recipe, Step } from './recipe.ts';
import { familyRank } from './select.ts';

/** Where a step came to lie. */
export interface Placed {
  readonly recipe: Recipe;
  readonly index: number;
}

/** The recipe with `step` at the end of its family: what stands before it takes weights first. */
export function withStep(recipe: Recipe, step: Step): Placed {
  const rank = rankOf(step);
  const later = recipe.steps.findIndex((it) => rankOf(it) > rank);
  const index = later < 0 ? recipe.steps.length : later;
  return { recipe: { ...recipe, steps: recipe.steps.toSpliced(index, 0, step) }, index };
}

/** The recipe with `step` at the beginning of its family: it takes weights before all others. */
export function withFirstStep(recipe: Recipe, step: Step): Placed {
  const rank = rankOf(step);
  const own = recipe.steps.findIndex((it) => rankOf(it) >= rank);
  const index = own < 0 ? recipe.steps.length : own;
  return { recipe: { ...recipe, steps: recipe.steps.toSpliced(index, 0, step) }, index };
}

/** The recipe with the step left out of plan and runs, or taken up again; it keeps its place. */
export function withEnabled(recipe: Recipe, index: number, enabled: boolean): Recipe {
  const { enabled: _, ...step } = stepAt(recipe, index);
  const changed = enabled ? step : { ...step, enabled };
  return { ...recipe, steps: recipe.steps.with(index, changed) };
}

/** The recipe without its disabled steps: what a run does. The same object if none is disabled. */
export function enabledOnly(recipe: Recipe): Recipe {
  if (recipe.steps.every(({ enabled = true }) => enabled)) return recipe;
  return { ...recipe, steps: recipe.steps.filter(({ enabled = true }) => enabled) };
}

export function withoutStep(recipe: Recipe, index: number): Recipe {
  return { ...recipe, steps: recipe.steps.toSpliced(index, 1) };
}

/** The recipe with a second step like the one at `index` right after it. */
export function withDuplicate(recipe: Recipe, index: number): Placed {
  const copy = structuredClone(stepAt(recipe, index));
  const steps = recipe.steps.toSpliced(index + 1, 0, copy);
  return { recipe: { ...recipe, steps }, index: index + 1 };
}

/** Whether the step may change places with its neighbour: only within what acts at the same time. */
export function canMove({ steps }: Recipe, index: number, by: -1 | 1): boolean {
  const [step, other] = [steps[index], steps[index + by]];
  return step !== undefined && other !== undefined && rankOf(step) === rankOf(other);
}

/** The recipe with the step and its neighbour in each other's place; `canMove` must hold. */
export function withMoved(recipe: Recipe, index: number, by: -1 | 1): Placed {
  assert(canMove(recipe, index, by), `step ${index} does not move by ${by}`);
  const step = stepAt(recipe, index);
  const steps = recipe.steps.toSpliced(index, 1).toSpliced(index + by, 0, step);
  return { recipe: { ...recipe, steps }, index: index + by };
}

/**
 * The recipe with another technique in the step, which keeps its selection and the options that the
 * new technique has too. It moves only if its family acts at another time.
 */
export function withTechnique(recipe: Recipe, index: number, technique: TechniqueId): Placed {
  const step = stepAt(recipe, index);
  const options = sharedOptions(step.options, TECHNIQUES[technique].options);
  const changed = { ...step, technique, options };
  if (familyRank(familyOf(changed)) === rankOf(step)) {
    return { recipe: { ...recipe, steps: recipe.steps.with(index, changed) }, index };
  }
  return withStep(withoutStep(recipe, index), changed);
}

function sharedOptions(given: Step['options'], specs: readonly OptionSpec[]): Step['options'] {
  return Object.fromEntries(
    Object.entries(given).filter(([key, value]) =>
      specs.some((spec) => spec.key === key && accepts(spec, value)),
    ),
  );
}

function accepts(spec: OptionSpec, value: OptionValue): boolean {
  switch (spec.kind) {
    case 'toggle':
      return typeof value === 'boolean';
    case 'choice':
      return spec.choices.some((choice) => choice.value === value);
    case 'number':
      return (
        typeof value === 'number' &&
        value >= spec.min &&
        value <= spec.max &&
        (!spec.integer || Number.isInteger(value))
      );
  }
}

const familyOf = ({ technique }: Step): Family => TECHNIQUES[technique].family;

const rankOf = (step: Step): number => familyRank(familyOf(step));

function stepAt({ steps }: Recipe, index: number): Step {
  const step = steps[index];
  assert(step, `no step ${index} in a recipe of ${steps.length}`);
  return step;
}
