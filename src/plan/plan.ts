/**
 * The dry run: recipe × model → what will be stored, byte for byte, and what is left alone and why.
 * The layout it returns is the one that the writer fills, so its size is the file's size.
 */
import { type EncodingChoice, encodingForRtn } from '../catalog/encodings.ts';
import { elementCount } from '../core/shape.ts';
import { layoutOnnx } from '../formats/onnx/layout.ts';
import type { OnnxModel } from '../formats/onnx/onnx-model.ts';
import type { OutputLayout } from '../formats/onnx/output-layout.ts';
import type { Weight } from '../model/weight.ts';
import { resolveOptions } from '../recipe/options.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { assignSteps, DEFAULT_MIN_ELEMENTS } from '../recipe/select.ts';
import { buildEdit, type ChosenWeight, type PlannedWeight } from './build-edit.ts';
import { viewAsMatrix } from './matrix-view.ts';
import { choiceWarnings, type StepWarning } from './warnings.ts';

export interface LeftAlone {
  readonly weight: Weight;
  readonly reason: string;
}

export interface Plan {
  readonly recipe: Recipe;
  readonly byteLength: number;
  readonly layout: OutputLayout;
  readonly planned: readonly PlannedWeight[];
  readonly leftAlone: readonly LeftAlone[];
  readonly warnings: readonly StepWarning[];
}

/**
 * Plans `recipe` on `model`.
 * @param failed weights that a run could not compress, by name, with the reason: left alone
 * @throws too-large if the output would pass what one file can hold
 */
export function planRecipe(
  model: OnnxModel,
  weights: readonly Weight[],
  recipe: Recipe,
  failed: ReadonlyMap<string, string> = new Map(),
): Plan {
  const chosen: ChosenWeight[] = [];
  const leftAlone: LeftAlone[] = [];
  const assigned = assignSteps(recipe, weights.map(selectable));

  weights.forEach((weight, index) => {
    const decision = choose(weight, model, recipe, assigned[index]?.[0]);
    if (!('reason' in decision)) chosen.push(decision);
    const reason = failed.get(weight.name) ?? ('reason' in decision ? decision.reason : null);
    if (reason !== null) leftAlone.push({ weight, reason });
  });

  const { edit, planned } = buildEdit(model.graph, chosen, failed);
  const layout = layoutOnnx(model, edit);
  const byteLength = layout.files.reduce((sum, file) => sum + file.byteLength, 0);
  const warnings = choiceWarnings(planned, recipe.target);
  return { recipe, byteLength, layout, planned, leftAlone, warnings };
}

const selectable = ({ name, label, tensor, uses }: Weight) => ({
  name,
  label,
  elementCount: elementCount(tensor.dims),
  uses,
});

function choose(
  weight: Weight,
  model: OnnxModel,
  recipe: Recipe,
  stepIndex: number | undefined,
): ChosenWeight | { readonly reason: string } {
  const viewed = viewAsMatrix(weight, model.graph);
  if ('reason' in viewed) return viewed;
  const { view } = viewed;
  const step = stepIndex === undefined ? undefined : recipe.steps[stepIndex];
  if (stepIndex === undefined || !step) {
    const small = elementCount(weight.tensor.dims) < DEFAULT_MIN_ELEMENTS;
    return { reason: small ? TOO_SMALL : 'No step selects it' };
  }
  const decision = encodingForRtn(resolveOptions(step), view.operator, recipe.target);
  if ('refused' in decision) return { reason: decision.refused };
  const { choice } = decision;
  const problem = unfit(choice, view.K, model.opsets.get('') ?? 1);
  return problem ? { reason: problem } : { weight, view, stepIndex, choice };
}

/** Why a weight that could be compressed is not, unless a step's `minElements` says otherwise. */
export const TOO_SMALL = 'Under 1,024 elements';

function unfit(choice: EncodingChoice, K: number, opset: number): string | null {
  if (opset < choice.minOpset) {
    return `Needs opset ${choice.minOpset}, the model has ${opset}`;
  }
  if (choice.packing === 'rows' && (K * choice.bits) % 8 !== 0) {
    return `Rows of ${K} values do not fill whole bytes at ${choice.bits} bit`;
  }
  return null;
}
