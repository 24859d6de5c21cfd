import type { StepSummary } from '../../report/plan-summary.ts';
import type { Session } from '../../state/state.ts';

/**
 * What the dry run says of a step; null while that is of a recipe with other steps, whose figures
 * belong to another card.
 */
export function stepPlan(
  { planning, recipe }: Pick<Session, 'planning' | 'recipe'>,
  index: number,
): StepSummary | null {
  const steps = planning.plan?.steps;
  return steps?.length === recipe.steps.length ? (steps[index] ?? null) : null;
}
