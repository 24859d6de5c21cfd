/** Plans a model in every way that a recipe of one step can ask for, whatever the model is. */
import { assert } from '../../core/assert.ts';
import { StudioError } from '../../core/studio-error.ts';
import type { OnnxModel } from '../../formats/onnx/onnx-model.ts';
import { partLength } from '../../formats/onnx/output-layout.ts';
import { findWeights } from '../../model/find-weights.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { planRecipe } from '../plan.ts';

const RECIPES = (['webgpu', 'wasm'] as const).map(
  (target): Recipe => ({
    ...{ format: 'whittle-recipe', version: 1, name: 'all of it', target, seed: 1 },
    steps: [{ technique: 'rtn', where: { minElements: 1 }, options: { bits: 8 } }],
  }),
);

/** @throws anything but a `StudioError` that planning throws, and where a size is not its parts' */
export function planEverywhere(model: OnnxModel): void {
  const weights = findWeights(model);
  const names = new Set(weights.map(({ name }) => name));
  assert(names.size === weights.length, 'every weight has its own name');
  for (const recipe of RECIPES) {
    try {
      const { byteLength, layout } = planRecipe(model, weights, recipe);
      const parts = layout.files.flatMap(({ parts: each }) => each);
      const sum = parts.reduce((total, part) => total + partLength(part), 0);
      assert(sum === byteLength, `${byteLength} bytes are planned, and ${sum} are laid out`);
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
    }
  }
}
