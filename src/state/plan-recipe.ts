/**
 * The dry run follows the recipe. One question is open at a time and the newest recipe is asked
 * next, so that a moving slider never builds a queue; presets are sized when nothing else waits.
 */
import type { TargetId } from '../catalog/targets.ts';
import { PRESETS, presetRecipe } from '../recipe/presets.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { toFailure } from './failure.ts';
import type { Session } from './state.ts';
import { type Studio, updateSession } from './store.ts';

const asking = new WeakSet<Studio['store']>();

/** Plans the session's recipe, and again until the answer belongs to the newest one. */
export async function planRecipe(studio: Studio): Promise<void> {
  const { store } = studio;
  if (asking.has(store)) return;
  asking.add(store);
  try {
    let question = openQuestion(store.getState().session);
    while (question) {
      await answer(studio, question.modelId, question.recipe);
      question = openQuestion(store.getState().session);
    }
  } finally {
    asking.delete(store);
  }
  await planPresets(studio);
}

/** What remains to be asked; null if the readout is up to date. */
const openQuestion = (session: Session | null) =>
  session?.planning.status === 'planning'
    ? { modelId: session.model.id, recipe: session.recipe }
    : null;

async function answer(studio: Studio, modelId: string, recipe: Recipe): Promise<void> {
  try {
    const plan = await studio.desk.call('plan', [modelId, recipe]);
    updateSession(studio, modelId, (session) => ({
      planning: { status: session.recipe === recipe ? 'ready' : 'planning', plan },
    }));
  } catch (error) {
    updateSession(studio, modelId, (session) =>
      session.recipe === recipe
        ? { planning: { status: 'failed', failure: toFailure(error), plan: session.planning.plan } }
        : {},
    );
  }
}

/** Sizes the four presets for the session's target, once a target. */
async function planPresets(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  if (!session) return;
  const { model, recipe } = session;
  for (const { id } of PRESETS) {
    const { session: now } = studio.store.getState();
    if (now?.model.id !== model.id || now.recipe.target !== recipe.target) return;
    if (now.planning.status === 'planning') return; // the newest recipe goes first
    if (now.presetBytes[recipe.target]?.[id] !== undefined) continue;
    try {
      const plan = await studio.desk.call('plan', [model.id, presetRecipe(id, recipe.target)]);
      rememberPreset(studio, model.id, recipe.target, { [id]: plan.byteLength });
    } catch (error) {
      // The card then shows no size; choosing the preset shows the reason in the readout.
      const { code } = toFailure(error);
      if (code === 'bug') throw error;
    }
  }
}

function rememberPreset(
  studio: Studio,
  modelId: string,
  target: TargetId,
  bytes: Session['presetBytes'][TargetId],
): void {
  updateSession(studio, modelId, ({ presetBytes }) => ({
    presetBytes: { ...presetBytes, [target]: { ...presetBytes[target], ...bytes } },
  }));
}
