import type { TargetId } from '../../catalog/targets.ts';
import { openDataset } from '../../dataset/dataset.ts';
import { openOnnx } from '../../formats/onnx/open.ts';
import { findWeights } from '../../model/find-weights.ts';
import type { Recipe, Step } from '../../recipe/recipe.ts';
import type { OpenModel } from '../models.ts';

/** `model.onnx` of a built-in sample, or what a test made of it. */
export async function openedModel(blob: Blob): Promise<OpenModel> {
  const model = await openOnnx([{ path: 'model.onnx', blob }]);
  const dataset = await openDataset([], model, { seed: 1 });
  return { model, weights: findWeights(model), dataset };
}

export const sampleModel = async (id: string): Promise<Blob> =>
  (await fetch(`/samples/${id}/model.onnx`)).blob();

export const recipeOf = (target: TargetId, ...steps: readonly Step[]): Recipe => ({
  ...{ format: 'whittle-recipe', version: 1, name: 'case', seed: 1 },
  ...{ target, steps },
});
