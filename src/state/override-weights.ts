/** What single weights get in place of what the recipe's steps do to many. */
import { stepPhrase } from '../catalog/show-option.ts';
import { TECHNIQUES } from '../catalog/techniques.ts';
import { StudioError } from '../core/studio-error.ts';
import { resolveOptions } from '../recipe/options.ts';
import {
  type Override,
  withLeftAlone,
  withOverride,
  withoutOverride,
} from '../recipe/overrides.ts';
import { MAX_STEPS } from '../recipe/parse-recipe.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { formatCount } from '../report/format.ts';
import type { WeightSummary } from '../report/model-summary.ts';
import { editRecipe } from './edit-recipe.ts';
import { notify, type Studio } from './store.ts';

/** Gives the weights a step of their own, first in its family; gives where it lies. */
export function overrideWeights(
  studio: Studio,
  names: readonly string[],
  override: Override,
): number | null {
  let index: number | null = null;
  const done = change(studio, (recipe, among) => {
    const own = compressible(names, among);
    const { recipe: changed, steps } = withOverride(recipe, override, own, among);
    index = steps[0] ?? null;
    return changed;
  });
  if (!done || index === null) return null;
  const technique = TECHNIQUES[override.technique];
  const phrase = stepPhrase(technique, resolveOptions(override));
  notify(studio, 'plain', `Step ${index + 1} takes ${subject(studio, names)} first: ${phrase}.`);
  return index;
}

/** Makes the weights exceptions of every step that would take them. */
export function leaveAlone(studio: Studio, names: readonly string[]): void {
  const done = change(studio, (recipe, among) =>
    withLeftAlone(recipe, compressible(names, among), among),
  );
  if (done) notify(studio, 'plain', `Left alone: ${subject(studio, names)}.`);
}

/** Takes back what was said of the weights alone. */
export function releaseWeights(studio: Studio, names: readonly string[]): void {
  const done = change(studio, (recipe, among) =>
    withoutOverride(recipe, compressible(names, among), among),
  );
  if (done) notify(studio, 'plain', `The general steps take ${subject(studio, names)} again.`);
}

/** The weights that a technique can act on: what a recipe's selections are among. */
export function actedOn(weights: readonly WeightSummary[]): readonly WeightSummary[] {
  const known = acted.get(weights);
  if (known) return known;
  const made = weights.filter(({ notCompressible }) => notCompressible === null);
  acted.set(weights, made);
  return made;
}

/** The same list for the same model: what is found out of it is kept by it. */
const acted = new WeakMap<readonly WeightSummary[], readonly WeightSummary[]>();

const compressible = (names: readonly string[], among: readonly WeightSummary[]) => {
  const wanted = new Set(names);
  return among.filter(({ name }) => wanted.has(name)).map(({ name }) => name);
};

function subject({ store }: Studio, names: readonly string[]): string {
  const { session } = store.getState();
  const among = actedOn(session?.model.weights ?? []);
  const own = compressible(names, among);
  if (own.length !== 1) return `${formatCount(own.length)} weights`;
  const label = among.find(({ name }) => name === own[0])?.label ?? '';
  const end = [...label].slice(-MOST_SHOWN).join('');
  return end === label ? label : `…${end}`;
}

/** Characters of a name in the status line. */
const MOST_SHOWN = 60;

/** False if nothing changed; what cannot be said in a recipe is told in the status line. */
function change(
  studio: Studio,
  edit: (recipe: Recipe, among: readonly WeightSummary[]) => Recipe,
): boolean {
  const { session } = studio.store.getState();
  if (!session) return false;
  try {
    const changed = edit(session.recipe, actedOn(session.model.weights));
    if (changed.steps.length > MAX_STEPS) {
      const most = formatCount(MAX_STEPS);
      const message = `These weights need ${formatCount(changed.steps.length)} steps; a recipe has at most ${most}. Choose fewer weights, or select them by a pattern.`;
      throw new StudioError('bad-recipe', message);
    }
    editRecipe(studio, () => changed);
    return true;
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    notify(studio, 'warn', error.message);
    return false;
  }
}
