/**
 * The dry run: recipe × model → what will be stored, byte for byte, and what is left alone and why.
 * The layout it returns is the one that the writer fills, so its size is the file's size.
 */
import type { FoundRank } from '../core/factorize-spec.ts';
import { elementCount } from '../core/shape.ts';
import { layoutOnnx } from '../formats/onnx/layout.ts';
import type { OnnxModel } from '../formats/onnx/onnx-model.ts';
import type { OutputLayout } from '../formats/onnx/output-layout.ts';
import { graphsOf } from '../model/graphs.ts';
import type { Weight } from '../model/weight.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { DEFAULT_MIN_ELEMENTS, stepsOf } from '../recipe/select.ts';
import { chooseWeight, type Skipped } from './choose-weight.ts';
import { viewAsMatrix } from './matrix-view.ts';
import type { WantedGrids } from './output-grids.ts';
import type { ChosenWeight, PlannedWeight } from './planned-weight.ts';
import { buildRaised } from './raise-opset.ts';
import { notAProduct } from './scaling/not-scaled.ts';
import type { PlannedScaling } from './scaling/scaled-inputs.ts';
import type { CutDims } from './structure/cut-dims.ts';
import { withStructure } from './structure/join-edits.ts';
import { planStructure } from './structure/plan-structure.ts';
import { headroomOf, isShared, type Structure } from './structure/structure.ts';
import { planWarnings, type StepWarning } from './warnings.ts';

export interface LeftAlone {
  readonly weight: Weight;
  readonly reason: string;
  /** In the output: fewer where reshaping cuts it. */
  readonly bytesAfter: number;
}

export interface Plan {
  readonly recipe: Recipe;
  readonly byteLength: number;
  /** False: some ranks or widths depend on values and `byteLength` is an upper bound. */
  readonly exact: boolean;
  readonly layout: OutputLayout;
  /** What the model is reshaped to before its weights are compressed; null if it is not. */
  readonly structure: Structure | null;
  readonly planned: readonly PlannedWeight[];
  /** Scales of activations that weights of the plan read. */
  readonly scalings: readonly PlannedScaling[];
  /** Grids of activations that 8-bit products read and give. */
  readonly grids: WantedGrids;
  readonly leftAlone: readonly LeftAlone[];
  readonly warnings: readonly StepWarning[];
}

/** What a run has found out. */
export interface PlanFacts {
  /** Weights that could not be compressed, by name, with the reason: left alone. */
  readonly failed?: ReadonlyMap<string, string>;
  /** Ranks by weight, where they depend on values; 0 if none serves. */
  readonly ranks?: ReadonlyMap<string, FoundRank>;
  /** Dimensions by weight that cut units feed, where their number depends on data. */
  readonly cutDims?: CutDims;
}

/**
 * Plans `recipe` on `model`.
 * @throws too-large if the output would pass what files can hold
 */
export function planRecipe(
  model: OnnxModel,
  originals: readonly Weight[],
  recipe: Recipe,
  { failed = new Map(), ranks = new Map(), cutDims = new Map() }: PlanFacts = {},
): Plan {
  const { structure, notCut } = planStructure(model, originals, recipe, cutDims);
  const { model: source, weights } = structure ?? { model, weights: originals };
  const graphs = graphsOf(source);
  const assigned = stepsOf(recipe);
  const chosen: ChosenWeight[] = [];
  const reasons = new Map<string, string>();
  const skipped: Skipped[] = [...notCut];
  for (const weight of weights) {
    const viewed = viewAsMatrix(weight, graphs);
    if ('reason' in viewed) {
      reasons.set(weight.name, viewed.reason);
      continue;
    }
    const selectable = selectableOf(weight);
    const stepsFor = (part: 'A' | 'B' | undefined) =>
      assigned(part ? { ...selectable, part } : selectable);
    const cut = structure?.tensors.get(weight.tensor.name) ?? null;
    const rank = ranks.get(weight.name);
    const { view } = viewed;
    const notScaled = notAProduct(weight, view, graphs);
    const choice = chooseWeight({ weight, view, cut, notScaled }, recipe, stepsFor, rank);
    skipped.push(...choice.skipped);
    if (choice.chosen) chosen.push(choice.chosen);
    else reasons.set(weight.name, choice.skipped.at(-1)?.reason ?? notSelected(weight));
  }

  const built = buildRaised(source, chosen, weights, failed);
  const { edit, planned, scalings, grids, refused } = built;
  for (const [name, reason] of [...refused, ...failed]) reasons.set(name, reason);
  const layout = layoutOnnx(model, structure ? withStructure(edit, structure) : edit);
  const isShareKnown = cutDims.size > 0 || !isShared(structure);
  return {
    recipe,
    byteLength:
      layout.files.reduce((sum, file) => sum + file.byteLength, 0) +
      (isShareKnown ? 0 : headroomOf(structure)),
    exact: planned.every(({ factorize }) => factorize?.exact ?? true) && isShareKnown,
    layout,
    structure,
    planned,
    scalings,
    grids,
    leftAlone: weights.flatMap((weight) => {
      const reason = reasons.get(weight.name);
      if (reason === undefined) return [];
      const { name, byteLength, storedByteLength } = weight.tensor;
      const bytesAfter = structure?.tensors.has(name) ? byteLength : storedByteLength;
      return [{ weight, reason, bytesAfter }];
    }),
    warnings: planWarnings(planned, skipped, recipe),
  };
}

const selectableOf = ({ name, label, tensor, uses }: Weight) => ({
  name,
  label,
  elementCount: elementCount(tensor.dims),
  uses,
});

/** Why a weight that could be compressed is not, unless a step's `minElements` says otherwise. */
export const TOO_SMALL = 'Under 1,024 elements';

export const NOT_SELECTED = 'No step selects it';

const notSelected = ({ tensor }: Weight): string =>
  elementCount(tensor.dims) < DEFAULT_MIN_ELEMENTS ? TOO_SMALL : NOT_SELECTED;
