/** How a plan stands to the budget, and what would fit, by dry runs of the presets alone. */
import type { TargetId } from '../../catalog/targets.ts';
import type { ModelTraits } from '../../recipe/model-traits.ts';
import { PRESETS, type PresetId, presetRecipe } from '../../recipe/presets.ts';
import { formatBytes } from '../../report/format.ts';
import type { PresetPlan } from '../../state/state.ts';

export interface BudgetWords {
  readonly over: boolean;
  /** "over by 1.2 MB", "at least 4.7 MB to spare". */
  readonly text: string;
}

/** - `exact` — false: the plan's size is an upper bound */
export function budgetWords(byteLength: number, exact: boolean, budget: number): BudgetWords {
  const over = byteLength - budget;
  if (over <= 0) {
    const left = `${formatBytes(-over)} to spare`;
    return { over: false, text: exact ? left : `at least ${left}` };
  }
  return { over: true, text: `over by ${exact ? '' : 'at most '}${formatBytes(over)}` };
}

type Plans = Readonly<Partial<Record<PresetId, PresetPlan>>>;

export type Offer =
  | { readonly preset: PresetId; readonly label: string }
  /** Nothing that was tried fits. */
  | { readonly preset: null; readonly label: string };

/**
 * The preset that takes the least away and fits the budget, or the smallest of all where none does;
 * null until they are planned. Presets for another target are not offered.
 */
export function fittingPreset(
  plans: Plans | undefined,
  target: TargetId,
  traits: ModelTraits,
  budget: number,
): Offer | null {
  const sized = PRESETS.flatMap(({ id, label }) => {
    const plan = plans?.[id];
    const fits = plan && 'byteLength' in plan && plan.weightCount > 0;
    const own = presetRecipe(id, target, traits).target === target;
    return fits && own ? [{ id, label, byteLength: plan.byteLength }] : [];
  }).toSorted((a, b) => b.byteLength - a.byteLength);
  const best = sized.find(({ byteLength }) => byteLength <= budget);
  if (best) {
    return { preset: best.id, label: `${best.label} fits: ${formatBytes(best.byteLength)}` };
  }
  const smallest = sized.at(-1);
  if (!smallest || PRESETS.some(({ id }) => plans?.[id] === undefined)) return null;
  const size = formatBytes(smallest.byteLength);
  return { preset: null, label: `No preset fits: ${smallest.label} comes to ${size}` };
}
