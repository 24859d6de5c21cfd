/** What undo and redo go back and forth between: whole recipes, the oldest forgotten in the end. */
import type { Recipe } from './recipe.ts';

export interface RecipeHistory {
  /** Oldest first. */
  readonly past: readonly Recipe[];
  /** The next one to redo first. */
  readonly future: readonly Recipe[];
  /** What the last edit was of, so that the next one of the same joins it; null joins nothing. */
  readonly open: string | null;
}

export const NO_HISTORY: RecipeHistory = { past: [], future: [], open: null };

const MOST_ENTRIES = 100;

/**
 * Notes that `before` was edited. Edits in a row with the same `edited` (a moving slider) are one
 * entry, until the entry is closed; null is an entry by itself.
 */
export function noteEdit(
  { past, open }: RecipeHistory,
  before: Recipe,
  edited: string | null,
): RecipeHistory {
  if (edited !== null && edited === open) return { past, future: [], open };
  return { past: [...past, before].slice(-MOST_ENTRIES), future: [], open: edited };
}

/** The next edit begins an entry of its own. */
export const closeEntry = (history: RecipeHistory): RecipeHistory =>
  history.open === null ? history : { ...history, open: null };

export interface Turned {
  readonly recipe: Recipe;
  readonly history: RecipeHistory;
}

/** The recipe before the last edit; null if there is none. */
export function undone({ past, future }: RecipeHistory, now: Recipe): Turned | null {
  const recipe = past.at(-1);
  if (!recipe) return null;
  return { recipe, history: { past: past.slice(0, -1), future: [now, ...future], open: null } };
}

/** The recipe that was undone last; null if there is none. */
export function redone({ past, future }: RecipeHistory, now: Recipe): Turned | null {
  const [recipe, ...rest] = future;
  if (!recipe) return null;
  return { recipe, history: { past: [...past, now], future: rest, open: null } };
}
