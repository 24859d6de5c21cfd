import type { OnnxModel } from '../../formats/onnx/onnx-model.ts';
import { findWeights } from '../../model/find-weights.ts';
import type { Step } from '../../recipe/recipe.ts';
import { type Plan, planRecipe } from '../plan.ts';
import { outputOf, type ReferencePayloads } from './reference-output.ts';
import { floatBytes } from './reference-parts.ts';

/** Prunes nothing at all: its plan stores every weight as it is, and asks for its values. */
const NOTHING: Step = {
  technique: 'magnitude',
  where: { minElements: 1 },
  options: { sparsity: 1e-9 },
};

/** The model with floats in place of what `planned` encodes: the weights that the encodings stand for. */
export async function restoredModel(
  model: OnnxModel,
  { planned }: Plan,
  restored: ReferencePayloads['restored'],
): Promise<Uint8Array<ArrayBuffer>> {
  const names = new Set(planned.map(({ weight }) => weight.name));
  const weights = findWeights(model).filter(({ name }) => names.has(name));
  const plan = planRecipe(model, weights, {
    ...{ format: 'whittle-recipe', version: 1, name: 'case', target: 'wasm', seed: 1 },
    steps: [NOTHING],
  });
  const payloads = new Map(
    plan.planned.flatMap(({ weight, parts }) =>
      parts.flatMap(({ tensors, choice }) => {
        const values = restored.get(weight.name);
        if (!values || !tensors.values || choice.kind !== 'float') return [];
        return [[tensors.values.key ?? '', floatBytes(values, choice.dtype)] as const];
      }),
    ),
  );
  return outputOf(model, plan, payloads);
}
