import type { TargetId } from '../catalog/targets.ts';
import type { OptionValue } from '../catalog/technique.ts';
import type { TechniqueId } from '../catalog/techniques.ts';
import { StudioError } from '../core/studio-error.ts';
import { fixedRecipe, type RecipeFix } from '../recipe/fix.ts';
import type { ModelTraits } from '../recipe/model-traits.ts';
import { withOption, withTarget } from '../recipe/options.ts';
import { MAX_NAME_LENGTH, MAX_STEPS, parseRecipeText } from '../recipe/parse-recipe.ts';
import { matchingPreset, type PresetId, presetRecipe } from '../recipe/presets.ts';
import type { Recipe, Selector } from '../recipe/recipe.ts';
import { recipeToJson } from '../recipe/recipe-json.ts';
import {
  canMove,
  type Placed,
  withDuplicate,
  withEnabled,
  withMoved,
  withoutStep,
  withStep,
  withTechnique,
} from '../recipe/steps.ts';
import { formatCount } from '../report/format.ts';
import { toFailure } from './failure.ts';
import { fileSlug } from './file-slug.ts';
import { traitsOf } from './model-traits.ts';
import { nameRecipe } from './recipe-name.ts';
import type { Run } from './run.ts';
import { setRecipe, stepCount } from './set-recipe.ts';
import { notify, type Studio, updateSession } from './store.ts';

/** Puts a run's recipe back, to be changed or exported; the baseline has none. */
export function takeRecipeOf(studio: Studio, { recipe }: Pick<Run, 'recipe'>): void {
  if (!recipe) return;
  setRecipe(studio, recipe);
  notify(studio, 'plain', `The recipe is ${recipe.name}, ${stepCount(recipe)}.`);
}

export function choosePreset(studio: Studio, id: PresetId): void {
  const { session } = studio.store.getState();
  if (!session) return;
  setRecipe(studio, presetRecipe(id, session.recipe.target, traitsOf(session.model)));
}

/** A recipe that is a preset stays that preset; any other keeps its steps. */
export function chooseTarget(studio: Studio, target: TargetId): void {
  editRecipe(studio, (recipe, traits) => {
    const preset = matchingPreset(recipe, traits);
    const adapted = preset && presetRecipe(preset, target, traits);
    return adapted?.target === target ? adapted : withTarget(recipe, target);
  });
}

export function setOption(studio: Studio, step: number, key: string, value: OptionValue): void {
  editRecipe(studio, (recipe) => withOption(recipe, step, key, value), `option ${step} ${key}`);
}

/** Gives where the step lies now: another family acts at another time. */
export function setTechnique(studio: Studio, step: number, technique: TechniqueId): number | null {
  return place(studio, (recipe) => withTechnique(recipe, step, technique));
}

/** Adds a step of `technique` for every weight that is left to it; gives where it lies. */
export function addStep(studio: Studio, technique: TechniqueId): number | null {
  return place(studio, (recipe) => withStep(recipe, { technique, options: {} }));
}

export function duplicateStep(studio: Studio, step: number): number | null {
  return place(studio, (recipe) => withDuplicate(recipe, step));
}

/** Changes places with a neighbour of the same family; gives where the step lies, moved or not. */
export function moveStep(studio: Studio, step: number, by: -1 | 1): number | null {
  const move = (recipe: Recipe): Placed =>
    canMove(recipe, step, by) ? withMoved(recipe, step, by) : { recipe, index: step };
  return place(studio, move, 'order');
}

/**
 * Takes what a warning offers; does nothing if the recipe has changed so that it does not fit. Gives
 * where a step that it adds lies, else null.
 */
export function takeFix(studio: Studio, fix: RecipeFix): number | null {
  const { session } = studio.store.getState();
  if (!session || !fixedRecipe(session.recipe, fix)) return null;
  if (fix.kind === 'step') return place(studio, (recipe) => withStep(recipe, fix.step));
  if (fix.kind === 'target') chooseTarget(studio, fix.target);
  else editRecipe(studio, (recipe) => fixedRecipe(recipe, fix) ?? recipe);
  return null;
}

export function removeStep(studio: Studio, step: number): void {
  editRecipe(studio, (recipe) => withoutStep(recipe, step));
}

/** A disabled step keeps its place and is left out of plan and runs. */
export function setEnabled(studio: Studio, step: number, enabled: boolean): void {
  editRecipe(studio, (recipe) => withEnabled(recipe, step, enabled));
}

/** `null` takes every weight that the technique supports. */
export function setSelection(studio: Studio, step: number, where: Selector | null): void {
  const change = (recipe: Recipe) => {
    const old = recipe.steps[step];
    if (!old) return recipe;
    const { where: _, ...rest } = old;
    return { ...recipe, steps: recipe.steps.with(step, { ...rest, ...(where && { where }) }) };
  };
  editRecipe(studio, change, `selection ${step}`);
}

/** A name that stays, whatever changes; an empty one lets the recipe be named by what it does. */
export function renameRecipe(studio: Studio, text: string): void {
  const { session } = studio.store.getState();
  if (!session) return;
  const { recipe, model } = session;
  const given = text.trim().slice(0, MAX_NAME_LENGTH);
  const name = given === '' ? nameRecipe(recipe, traitsOf(model)) : given;
  if (name !== recipe.name) setRecipe(studio, { ...recipe, name });
}

/** What the output should weigh at most; null lets it weigh what it will. No part of the recipe. */
export function setBudget(studio: Studio, budgetBytes: number | null): void {
  const { session } = studio.store.getState();
  if (session) updateSession(studio, session.model.id, () => ({ budgetBytes }));
}

/** What random numbers begin with: another one gives other sketches of low-rank factors. */
export function setSeed(studio: Studio, seed: number): void {
  editRecipe(studio, (recipe) => (recipe.seed === seed ? recipe : { ...recipe, seed }));
}

function place(
  studio: Studio,
  change: (recipe: Recipe) => Placed,
  edited: string | null = null,
): number | null {
  let index: number | null = null;
  const take = (recipe: Recipe) => {
    const placed = change(recipe);
    if (placed.recipe.steps.length > MAX_STEPS) {
      notify(studio, 'warn', `A recipe has at most ${formatCount(MAX_STEPS)} steps.`);
      return recipe;
    }
    index = placed.index;
    return placed.recipe;
  };
  editRecipe(studio, take, edited);
  return index;
}

/** A recipe that is named by what it does is named anew; a name that was given stays. */
export function editRecipe(
  studio: Studio,
  change: (recipe: Recipe, traits: ModelTraits) => Recipe,
  edited: string | null = null,
): void {
  const { session } = studio.store.getState();
  if (!session) return;
  const before = session.recipe;
  const traits = traitsOf(session.model);
  const recipe = change(before, traits);
  if (recipe === before) return;
  const isOwn = before.name !== nameRecipe(before, traits);
  setRecipe(studio, isOwn ? recipe : { ...recipe, name: nameRecipe(recipe, traits) }, edited);
}

/** Reads a `*.recipe.json`; a wrong one changes nothing and says where it is wrong. */
export async function importRecipe(studio: Studio, file: Blob, fileName: string): Promise<void> {
  try {
    if (file.size > MAX_RECIPE_BYTES) {
      throw new StudioError(
        'too-large',
        `${fileName} has ${file.size} B; a recipe has at most ${MAX_RECIPE_BYTES} B.`,
      );
    }
    const recipe = parseRecipeText(await file.text());
    setRecipe(studio, recipe);
    notify(studio, 'good', `Opened recipe ${recipe.name}, ${stepCount(recipe)}.`);
  } catch (error) {
    notify(studio, 'bad', `${fileName}: ${toFailure(error).message}`);
  }
}

const MAX_RECIPE_BYTES = 1_000_000;

export function exportRecipe(studio: Studio): void {
  const { session } = studio.store.getState();
  if (session) saveRecipe(studio, session.recipe);
}

/** Gives any recipe as a file: one that came by a link, too. */
export function saveRecipe({ store, effects }: Studio, recipe: Recipe): void {
  const json = new Blob([recipeToJson(recipe)], { type: 'application/json' });
  effects.save(`${fileSlug(recipe.name)}.recipe.json`, json);
  notify({ store }, 'good', `Exported recipe ${recipe.name}, ${stepCount(recipe)}.`);
}
