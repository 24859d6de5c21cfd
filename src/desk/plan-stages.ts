/** The stages in which a plan is carried out, as the engine's jobs come to them. */
import { dropsBlocks } from '../plan/blocks/choose-blocks.ts';
import { inStepOrder, stepOfWeight } from '../plan/describe-weight.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import { vocabularyStep } from '../plan/vocabulary/trim-vocabulary.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { PlannedStage } from '../report/plan-summary.ts';

export function plannedStages(plan: Plan): readonly PlannedStage[] {
  const { planned, scalings, grids, recipe, structure } = plan;
  const cutting = new Set(structure?.cuts.map(({ stepIndex }) => stepIndex));
  const reshaping = [...recipe.steps.keys()].filter(
    (index) => cutting.has(index) || isBefore(recipe, index),
  );
  const isCompared = ({ prune }: PlannedWeight) =>
    prune?.spec.kind === 'unstructured' && prune.spec.scope === 'global';
  const scaled = new Map(
    scalings.flatMap(({ members, stepIndex }) => members.map((name) => [name, stepIndex] as const)),
  );
  const analysed = [
    ...byStep(planned.filter(isCompared), ({ prune }) => prune?.stepIndex),
    ...byStep(
      planned.filter(({ factorize }) => factorize?.exact === false),
      ({ factorize }) => factorize?.stepIndex,
    ),
    ...byStep(planned, ({ weight }) => scaled.get(weight.name)),
  ];
  const whole = { weightCount: null, elementCount: elementsOf(planned) };
  return [
    ...(reshaping.length > 0 ? [{ stage: 'reshape' as const, steps: reshaping, ...whole }] : []),
    ...analysed.map((it) => ({ stage: 'analyse' as const, ...it })),
    ...(grids.ranges.length > 0 ? [{ stage: 'calibrate' as const, steps: [], ...whole }] : []),
    ...byStep(inStepOrder(planned), stepOfWeight).map((it) => ({
      stage: 'compress' as const,
      ...it,
    })),
  ];
}

/** The step acts on the model before anything is planned: the plan does not tell of it. */
function isBefore(recipe: Recipe, index: number): boolean {
  const step = recipe.steps[index];
  return vocabularyStep(recipe) === index || (!!step && dropsBlocks({ ...recipe, steps: [step] }));
}

/** Weights by the step that `stepOf` gives; those without one are left out. */
function byStep(
  items: readonly PlannedWeight[],
  stepOf: (item: PlannedWeight) => number | undefined,
): readonly Omit<PlannedStage, 'stage'>[] {
  const groups = new Map<number, PlannedWeight[]>();
  for (const item of items) {
    const step = stepOf(item);
    if (step !== undefined) groups.set(step, [...(groups.get(step) ?? []), item]);
  }
  return [...groups].map(([step, own]) => ({
    steps: [step],
    weightCount: own.length,
    elementCount: elementsOf(own),
  }));
}

const elementsOf = (items: readonly PlannedWeight[]): number =>
  items.reduce((sum, { view }) => sum + view.K * view.N, 0);
