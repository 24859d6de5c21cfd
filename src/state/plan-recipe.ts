/**
 * The dry run follows the recipe. One question is open at a time and the newest recipe is asked
 * next, so that a moving slider never builds a queue; presets are sized when nothing else waits.
 */
import type { Analysed } from '../bridge/compress-calls.ts';
import { TECHNIQUES } from '../catalog/techniques.ts';
import { PRESETS, presetRecipe } from '../recipe/presets.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { ModelSummary } from '../report/model-summary.ts';
import { toFailure } from './failure.ts';
import { traitsOf } from './model-traits.ts';
import { sameRecipe } from './recipe-name.ts';
import type { Analysis, PresetPlan, Session } from './state.ts';
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
      await answer(studio, question);
      question = openQuestion(store.getState().session);
    }
  } finally {
    asking.delete(store);
  }
  await planPresets(studio);
}

interface Question {
  readonly modelId: string;
  readonly recipe: Recipe;
  readonly analysed: Analysed | null;
}

/** What remains to be asked; null if the readout is up to date. */
const openQuestion = (session: Session | null): Question | null =>
  session?.planning.status === 'planning' ? questionOf(session) : null;

const questionOf = (session: Session): Question => ({
  modelId: session.model.id,
  recipe: session.recipe,
  analysed: analysisOf(session)?.found ?? null,
});

/** What was found for the session's recipe; null if it was for another. */
export const analysisOf = ({ analysis, recipe }: Session): Analysis | null =>
  analysis && sameRecipe(analysis.recipe, recipe) ? analysis : null;

async function answer(studio: Studio, asked: Question): Promise<void> {
  const { modelId, recipe, analysed } = asked;
  const isOpen = (session: Session) => {
    const now = questionOf(session);
    return now.recipe === recipe && now.analysed === analysed;
  };
  try {
    const plan = await studio.desk.call('plan', [modelId, recipe, analysed]);
    updateSession(studio, modelId, (session) => ({
      planning: { status: isOpen(session) ? 'ready' : 'planning', plan, of: recipe },
    }));
  } catch (error) {
    updateSession(studio, modelId, (session) =>
      isOpen(session)
        ? { planning: { ...session.planning, status: 'failed', failure: toFailure(error) } }
        : {},
    );
  }
}

/** Sizes the presets for the session's target, once a target. */
async function planPresets(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  if (!session) return;
  const { model, recipe } = session;
  const { target } = recipe;
  for (const { id } of PRESETS) {
    const { session: now } = studio.store.getState();
    if (now?.model.id !== model.id || now.recipe.target !== target) return;
    if (now.planning.status === 'planning') return; // the newest recipe goes first
    if (now.presetPlans[target]?.[id] !== undefined) continue;
    const preset = presetRecipe(id, target, traitsOf(model));
    const isLate = model.weights.length > MOST_RESHAPED && reshapes(preset);
    const plan = isLate ? SIZED_LATE : await planPreset(studio, model, preset);
    updateSession(studio, model.id, ({ presetPlans }) => ({
      presetPlans: { ...presetPlans, [target]: { ...presetPlans[target], [id]: plan } },
    }));
  }
}

/** Weights of a model up to which its whole graph is analysed for a button. */
const MOST_RESHAPED = 1000;
const SIZED_LATE: PresetPlan = {
  refusal: `Sized once it is chosen: the model has more than ${MOST_RESHAPED} weights`,
};

const reshapes = ({ steps }: Recipe): boolean =>
  steps.some(({ technique }) => TECHNIQUES[technique].family === 'reshape');

async function planPreset(
  studio: Studio,
  { id }: ModelSummary,
  recipe: Recipe,
): Promise<PresetPlan> {
  try {
    const { byteLength, exact, steps } = await studio.desk.call('plan', [id, recipe]);
    const weightCount = steps.reduce((sum, step) => sum + step.weightCount, 0);
    return { byteLength, exact, weightCount };
  } catch (error) {
    const { code, message } = toFailure(error);
    if (code === 'bug') throw error;
    return { refusal: message };
  }
}
