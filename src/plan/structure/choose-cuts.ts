/** Which units the steps of a recipe cut, and how many stay. */
import type { TechniqueId } from '../../catalog/techniques.ts';
import { type CutScope, type CutScore, type CutSpec, keptUnits } from '../../core/cut-spec.ts';
import { elementCount } from '../../core/shape.ts';
import type { Weight } from '../../model/weight.ts';
import { resolveOptions } from '../../recipe/options.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { compileStep } from '../../recipe/select.ts';
import type { GroupKind, Removable, RemovableGroup } from '../../shapes/removable.ts';
import { type CutDims, unitsIn } from './cut-dims.ts';
import type { NotCut, PlannedCut } from './structure.ts';

const KINDS: Readonly<Partial<Record<TechniqueId, GroupKind>>> = {
  'cut-neurons': 'neurons',
  'cut-heads': 'heads',
  'cut-channels': 'channels',
};

/** Steps that cut units, by index: disabled ones are left out. */
export const reshapeSteps = ({ steps }: Recipe) =>
  steps
    .map((step, index) => ({ step, index }))
    .filter(({ step }) => KINDS[step.technique] !== undefined && (step.enabled ?? true));

export interface ChosenCuts {
  readonly cuts: readonly PlannedCut[];
  readonly notCut: readonly NotCut[];
}

/**
 * The first step that selects a weight that a unit feeds takes its group.
 * - `cutDims` — of steps that share over all layers; the share of each layer where they say nothing
 */
export function chooseCuts(
  recipe: Recipe,
  { groups, fixed }: Removable,
  weights: readonly Weight[],
  cutDims: CutDims,
): ChosenCuts {
  const byTensor = new Map(weights.map((weight) => [weight.tensor.name, weight]));
  const cuts: PlannedCut[] = [];
  const notCut: NotCut[] = [];
  const taken = new Set<RemovableGroup>();
  for (const { step, index } of reshapeSteps(recipe)) {
    const takes = compileStep(step);
    const spec = cutSpec(resolveOptions(step));
    let found = 0;
    for (const group of groups) {
      if (taken.has(group) || group.kind !== KINDS[step.technique]) continue;
      const isSelected = group.takers.some(({ tensor }) => {
        const weight = byTensor.get(tensor);
        return weight && takes(selectable(weight));
      });
      if (!isSelected) continue;
      found += 1;
      taken.add(group);
      const decided = spec.scope === 'global' ? unitsIn(cutDims, group, byTensor) : null;
      const kept = decided ?? keptUnits(group.units.length, spec, group.kind === 'heads');
      if (kept < group.units.length) cuts.push({ stepIndex: index, spec, group, kept });
      else if (decided === null) notCut.push({ stepIndex: index, reason: TOO_FEW });
    }
    if (found === 0) notCut.push({ stepIndex: index, reason: whyNone(fixed) });
  }
  return { cuts, notCut };
}

const TOO_FEW = 'The share comes to less than one unit: nothing is removed';

const selectable = ({ name, label, tensor, uses }: Weight) => ({
  name,
  label,
  elementCount: elementCount(tensor.dims),
  uses,
});

/** What stands in the way most often. */
function whyNone(fixed: Removable['fixed']): string {
  const counts = new Map<string, number>();
  for (const { obstacle } of fixed) {
    const reason = `${obstacle.node} ${obstacle.why}`;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return most ? `Nothing here can be removed: ${most[0]}` : 'Nothing here can be removed';
}

const cutSpec = ({
  share,
  score,
  scope,
  reconstruct,
}: ReturnType<typeof resolveOptions>): CutSpec => ({
  share: Number(share),
  score: score as CutScore,
  scope: score === 'loss' ? (scope as CutScope) : 'layer',
  reconstruct: reconstruct === true,
});
