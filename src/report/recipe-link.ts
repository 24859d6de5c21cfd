/** Recipes in an address: `?recipe=` and the packed JSON of a recipe file. */
import { StudioError } from '../core/studio-error.ts';
import { parseRecipe } from '../recipe/parse-recipe.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { recipeToJson } from '../recipe/recipe-json.ts';
import { MAX_PACKED_LENGTH, packJson, unpackJson } from './packed-json.ts';

/** @throws too-large if the recipe does not fit in a link: it can leave as a file */
export function packRecipe(recipe: Recipe): string {
  const packed = packJson(JSON.parse(recipeToJson(recipe)));
  if (packed.length <= MAX_PACKED_LENGTH) return packed;
  const message = `The recipe takes ${packed.length} characters in a link; at most ${MAX_PACKED_LENGTH} fit. Export it as a file.`;
  throw new StudioError('too-large', message);
}

/** @throws bad-link, or bad-recipe naming the JSON path and what is allowed */
export const unpackRecipe = (text: string): Recipe => parseRecipe(unpackJson(text));
