/** What of each weight is shown: as it was, as planned, or as compressed. */
import type { Family } from '../../catalog/technique.ts';
import { isTechniqueId, TECHNIQUES, type TechniqueId } from '../../catalog/techniques.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { WeightSummary } from '../../report/model-summary.ts';
import { type PlanSummary, stepsOf } from '../../report/plan-summary.ts';
import type { WeightRow } from '../../report/report.ts';
import { shortDtype } from '../../state/short-dtype.ts';

export type View = 'original' | 'planned' | 'now';

export interface WeightState {
  readonly weight: WeightSummary;
  readonly bytesAfter: number;
  /** "int4·32"; the dtype if nothing acts on it. */
  readonly encoding: string;
  /** Of each value as it is stored. */
  readonly bits: number;
  /** What was done to it: of the first step that does not quantize, else quantize; null if nothing. */
  readonly family: Family | null;
  readonly sqnrDb: number | null;
  /** Why it is left alone or has failed. */
  readonly reason: string | null;
  readonly failed: boolean;
  /** A running job has not come to it yet. */
  readonly pending: boolean;
}

interface Sources {
  readonly view: View;
  readonly plan: PlanSummary | null;
  /** Whose steps the plan speaks of. */
  readonly recipe: Recipe;
  /** Compressed weights by name. */
  readonly done: ReadonlyMap<string, WeightRow>;
  /** True while a compression runs. */
  readonly running: boolean;
}

/** The state of every weight in the chosen view, in the model's order. */
export function weightStates(
  weights: readonly WeightSummary[],
  { view, plan, recipe, done, running }: Sources,
): readonly WeightState[] {
  const planned = new Map(plan?.weights.map((it) => [it.name, it]));
  return weights.map((weight) => {
    const alone = {
      weight,
      bytesAfter: weight.byteLength,
      encoding: shortDtype(weight.dtype),
      bits: 32,
      family: null,
      sqnrDb: null,
      reason: weight.notCompressible,
      failed: false,
      pending: false,
    };
    if (view === 'original') return alone;
    const plans = planned.get(weight.name);
    if (view === 'planned') {
      if (!plans) return alone;
      if (plans.step === null) return { ...alone, reason: plans.reason };
      const { bytesAfter, encodingLabel, bits } = plans;
      const family = familyOf(stepsOf(plans).map((step) => recipe.steps[step]?.technique));
      return { ...alone, bytesAfter, encoding: encodingLabel, bits, family, reason: null };
    }
    const row = done.get(weight.name);
    if (!row) return { ...alone, pending: running && plans?.step !== null };
    const { bytesAfter, encoding, sqnrDb, reason, failed, technique, note = null } = row;
    if (technique === null || failed) return { ...alone, reason, failed };
    const family = familyOf(technique.split(/[^\w-]+/).filter(isTechniqueId));
    const words = withoutIds(encoding);
    return {
      ...alone,
      bytesAfter,
      encoding: words,
      bits: bitsOf(words),
      family,
      sqnrDb,
      reason: note,
    };
  });
}

/** Of the first technique that does not quantize, as a run's; so that pruning shows under int8. */
function familyOf(techniques: readonly (TechniqueId | undefined)[]): Family {
  const families = techniques.flatMap((id) => (id === undefined ? [] : [TECHNIQUES[id].family]));
  return families.find((family) => family !== 'quantize') ?? 'quantize';
}

/** "int8·channel" of "dynamic-uint8 int8·channel": rows of a report name the encoding first. */
export const withoutIds = (encoding: string): string =>
  encoding.replace(/^[a-z]+\d*(?:-[a-z0-9]+)*(?:, [a-z0-9-]+)* (?=\S)/, '');

/** 8 of "int8·32", 4 of "2:4 + int4·32". */
const bitsOf = (encoding: string): number => Number(/[a-z](\d+)(?:·|$)/.exec(encoding)?.[1] ?? 32);
