/** Which step costs what a run lost: the same recipe again without one of its steps. */
import { stepPhrase } from '../catalog/show-option.ts';
import { TECHNIQUES } from '../catalog/techniques.ts';
import { resolveOptions } from '../recipe/options.ts';
import type { Recipe, Step } from '../recipe/recipe.ts';
import { withEnabled } from '../recipe/steps.ts';
import { isWorse } from '../report/metrics.ts';
import { traitsOf } from './model-traits.ts';
import { nameRecipe, sameRecipe } from './recipe-name.ts';
import { type Run, truthFails } from './run.ts';
import { setRecipe } from './set-recipe.ts';
import { notify, type Studio } from './store.ts';

export interface LeftOut {
  /** Index into the recipe's steps. */
  readonly step: number;
  /** "int4 block 32". */
  readonly phrase: string;
  readonly recipe: Recipe;
  /** The run that was made so already; null if there is none. */
  readonly run: Run | null;
}

const isOn = ({ enabled = true }: Step): boolean => enabled;

/**
 * A recipe for each step of a run, without that step; none where nothing was lost beyond noise, and
 * where there is one step alone.
 */
export function leftOutSteps(run: Run, runs: readonly Run[]): readonly LeftOut[] {
  const { recipe, accuracy } = run;
  const lost = truthFails(run) || (accuracy !== null && isWorse(accuracy));
  if (!recipe || !lost || recipe.steps.filter(isOn).length < 2) return [];
  return recipe.steps.flatMap((step, index) => {
    if (!isOn(step)) return [];
    const without = withEnabled(recipe, index, false);
    return {
      step: index,
      phrase: stepPhrase(TECHNIQUES[step.technique], resolveOptions(step)),
      recipe: without,
      run: runs.find((it) => it.recipe && sameRecipe(it.recipe, without)) ?? null,
    };
  });
}

/** Puts the recipe without the step into the panel, to be compressed. */
export function leaveOut(studio: Studio, { step, recipe }: Pick<LeftOut, 'step' | 'recipe'>): void {
  const { session } = studio.store.getState();
  if (!session) return;
  setRecipe(studio, { ...recipe, name: nameRecipe(recipe, traitsOf(session.model)) });
  notify(studio, 'plain', `Step ${step + 1} is off. Compress to see what it costs.`);
}
