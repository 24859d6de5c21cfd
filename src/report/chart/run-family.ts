import { TECHNIQUES } from '../../catalog/techniques.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { MarkFamily } from './family-path.ts';

/** A run takes the family of its first step that does not quantize, else quantize. */
export function runFamily(recipe: Recipe | null): MarkFamily {
  if (!recipe) return 'baseline';
  const families = recipe.steps.map(({ technique }) => TECHNIQUES[technique].family);
  return families.find((family) => family !== 'quantize') ?? 'quantize';
}
