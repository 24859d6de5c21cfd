import type { Step } from '../../recipe/recipe.ts';
import type { PlanSummary, StepSummary } from '../../report/plan-summary.ts';
import type { Session } from '../../state/state.ts';

type Shown = Pick<Session, 'planning' | 'recipe'>;

/**
 * What the dry run says of the recipe's steps; null while that is of a recipe whose steps take other
 * weights: its words belong to other cards. Of other options they stay until the new ones are there,
 * so that a moving slider has figures beside it.
 */
export function planOfSteps({ planning, recipe }: Shown): PlanSummary | null {
  const { plan, of } = planning;
  if (!plan || !of) return null;
  const takesTheSame =
    of === recipe ||
    (of.target === recipe.target &&
      of.steps.length === recipe.steps.length &&
      of.steps.every((step, at) => takes(step) === takes(recipe.steps[at])));
  return takesTheSame ? plan : null;
}

export const stepPlan = (shown: Shown, index: number): StepSummary | null =>
  planOfSteps(shown)?.steps[index] ?? null;

/** Other steps that act on weights of this one: the bytes after it are after them, too. */
export function alsoActing(plan: PlanSummary | null, index: number): readonly number[] {
  const found = new Set<number>();
  for (const { steps } of plan?.weights ?? []) {
    if (steps?.includes(index)) for (const step of steps) found.add(step);
  }
  found.delete(index);
  return [...found].sort((a, b) => a - b);
}

/** By what a step's weights are found, and what is done to them. */
const takes = (step: Step | undefined): string =>
  JSON.stringify([step?.technique, step?.where ?? null, step?.enabled ?? true]);
