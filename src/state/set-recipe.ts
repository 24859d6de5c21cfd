/** The recipe in the panel, and the way back and forth between what it was. */
import { closeEntry, noteEdit, redone, type Turned, undone } from '../recipe/history.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { formatCount } from '../report/format.ts';
import { planRecipe } from './plan-recipe.ts';
import type { Session } from './state.ts';
import { notify, type Studio, updateSession } from './store.ts';

/** Keys pressed within this time move a slider on; later ones begin another entry. */
const JOINS_MS = 1000;

interface Gesture {
  /** A pointer holds the slider: however long it rests, it is one move. */
  held: boolean;
  editedAt: number;
}

const gestures = new WeakMap<Studio['store'], Gesture>();

function gestureOf({ store }: Studio): Gesture {
  const gesture = gestures.get(store) ?? { held: false, editedAt: 0 };
  gestures.set(store, gesture);
  return gesture;
}

/**
 * Takes `recipe` as it is, name included, and plans it.
 * - `edited` — what of it changed, for edits of the same in quick succession to be undone as one
 */
export function setRecipe(studio: Studio, recipe: Recipe, edited: string | null = null): void {
  const { session } = studio.store.getState();
  if (!session || session.recipe === recipe) return;
  const gesture = gestureOf(studio);
  const now = studio.effects.now().getTime();
  const joins = gesture.held || now - gesture.editedAt < JOINS_MS;
  gesture.editedAt = now;
  const history = joins ? session.history : closeEntry(session.history);
  put(studio, session, { recipe, history: noteEdit(history, session.recipe, edited) });
}

/** A pointer has taken hold of a slider: until `releaseEdits` its moves are one edit. */
export function holdEdits(studio: Studio): void {
  close(studio);
  gestureOf(studio).held = true;
}

export function releaseEdits(studio: Studio): void {
  gestureOf(studio).held = false;
  close(studio);
}

function close(studio: Studio): void {
  const { session } = studio.store.getState();
  if (!session) return;
  updateSession(studio, session.model.id, ({ history }) => ({ history: closeEntry(history) }));
}

export function undoRecipe(studio: Studio): void {
  turn(studio, 'Undone', undone);
}

export function redoRecipe(studio: Studio): void {
  turn(studio, 'Redone', redone);
}

function turn(
  studio: Studio,
  word: string,
  way: (history: Session['history'], now: Recipe) => Turned | null,
): void {
  const { session } = studio.store.getState();
  if (!session) return;
  const turned = way(session.history, session.recipe);
  if (!turned) {
    notify(studio, 'plain', `Nothing to ${word === 'Undone' ? 'undo' : 'redo'}.`);
    return;
  }
  put(studio, session, turned);
  notify(
    studio,
    'plain',
    `${word}. The recipe is ${turned.recipe.name}, ${stepCount(turned.recipe)}.`,
  );
}

function put(studio: Studio, { model }: Session, { recipe, history }: Turned): void {
  updateSession(studio, model.id, ({ planning }) => ({
    recipe,
    history,
    planning: { status: 'planning', plan: planning.plan, of: planning.of },
  }));
  void planRecipe(studio);
}

/** "2 steps". */
export const stepCount = ({ steps }: Recipe): string =>
  `${formatCount(steps.length)} ${steps.length === 1 ? 'step' : 'steps'}`;
