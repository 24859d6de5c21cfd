import type { TargetId } from '../catalog/targets.ts';
import type { OptionValue } from '../catalog/technique.ts';
import type { TechniqueId } from '../catalog/techniques.ts';
import { StudioError } from '../core/studio-error.ts';
import { withOption, withTarget } from '../recipe/options.ts';
import { parseRecipeText } from '../recipe/parse-recipe.ts';
import { matchingPreset, type PresetId, presetRecipe } from '../recipe/presets.ts';
import type { Recipe, Selector } from '../recipe/recipe.ts';
import { recipeToJson } from '../recipe/recipe-json.ts';
import { formatCount } from '../report/format.ts';
import { toFailure } from './failure.ts';
import { fileSlug } from './file-slug.ts';
import { planRecipe } from './plan-recipe.ts';
import { nameRecipe } from './recipe-name.ts';
import type { Run } from './run.ts';
import { notify, type Studio, updateSession } from './store.ts';

/** Takes `recipe` as it is, name included, and plans it. */
export function setRecipe(studio: Studio, recipe: Recipe): void {
  const { session } = studio.store.getState();
  if (!session) return;
  updateSession(studio, session.model.id, ({ planning }) => ({
    recipe,
    planning: { status: 'planning', plan: planning.plan },
  }));
  void planRecipe(studio);
}

/** Puts a run's recipe back, to be changed or exported; the baseline has none. */
export function takeRecipeOf(studio: Studio, { recipe }: Pick<Run, 'recipe'>): void {
  if (!recipe) return;
  setRecipe(studio, recipe);
  notify(studio, 'plain', `The recipe is ${recipe.name}, ${stepCount(recipe)}.`);
}

export function choosePreset(studio: Studio, id: PresetId): void {
  const { session } = studio.store.getState();
  if (session) setRecipe(studio, presetRecipe(id, session.recipe.target));
}

/** A recipe that is a preset stays that preset; any other keeps its steps. */
export function chooseTarget(studio: Studio, target: TargetId): void {
  edit(studio, (recipe) => {
    const preset = matchingPreset(recipe);
    const adapted = preset && presetRecipe(preset, target);
    return adapted?.target === target ? adapted : withTarget(recipe, target);
  });
}

export function setOption(studio: Studio, step: number, key: string, value: OptionValue): void {
  edit(studio, (recipe) => withOption(recipe, step, key, value));
}

export function setTechnique(studio: Studio, step: number, technique: TechniqueId): void {
  edit(studio, (recipe) => changeStep(recipe, step, { technique, options: {} }));
}

/** `null` takes every weight that the technique supports. */
export function setSelection(studio: Studio, step: number, where: Selector | null): void {
  edit(studio, (recipe) => {
    const { where: _, ...rest } = recipe.steps[step] ?? {};
    const steps = recipe.steps.map((it, index) =>
      index === step
        ? { technique: it.technique, options: it.options, ...rest, ...(where && { where }) }
        : it,
    );
    return { ...recipe, steps };
  });
}

function changeStep(
  recipe: Recipe,
  step: number,
  change: Partial<Recipe['steps'][number]>,
): Recipe {
  return {
    ...recipe,
    steps: recipe.steps.map((it, index) => (index === step ? { ...it, ...change } : it)),
  };
}

function edit(studio: Studio, change: (recipe: Recipe) => Recipe): void {
  const { session } = studio.store.getState();
  if (!session) return;
  const recipe = change(session.recipe);
  setRecipe(studio, { ...recipe, name: nameRecipe(recipe) });
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

const stepCount = ({ steps }: Recipe): string =>
  `${formatCount(steps.length)} ${steps.length === 1 ? 'step' : 'steps'}`;

const MAX_RECIPE_BYTES = 1_000_000;

export function exportRecipe({ store, effects }: Studio): void {
  const { session } = store.getState();
  if (!session) return;
  const json = new Blob([recipeToJson(session.recipe)], { type: 'application/json' });
  effects.save(`${fileSlug(session.recipe.name)}.recipe.json`, json);
  notify(
    { store },
    'good',
    `Exported recipe ${session.recipe.name}, ${stepCount(session.recipe)}.`,
  );
}
