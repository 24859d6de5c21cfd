import type { Recipe, Selector, Step } from './recipe.ts';

/** The recipe as the file that people share: fixed key order, options in the order given. */
export function recipeToJson(recipe: Recipe): string {
  const { format, version, name, target, seed, steps } = recipe;
  const ordered = { format, version, name, target, seed, steps: steps.map(orderedStep) };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

function orderedStep({ technique, where, enabled, options }: Step): Step {
  return {
    technique,
    ...(where && { where: orderedSelector(where) }),
    ...(enabled !== undefined && { enabled }),
    options,
  };
}

function orderedSelector({ op, name, minElements, not }: Selector): Selector {
  return {
    ...(op !== undefined && { op }),
    ...(name !== undefined && { name }),
    ...(minElements !== undefined && { minElements }),
    ...(not !== undefined && { not: orderedSelector(not) }),
  };
}
