/** Plans a model as a recipe of one step may ask for it, whatever the model is. */
import { TARGETS, type TargetId } from '../../catalog/targets.ts';
import { TECHNIQUES, type TechniqueId } from '../../catalog/techniques.ts';
import { assert } from '../../core/assert.ts';
import { StudioError } from '../../core/studio-error.ts';
import type { OnnxModel } from '../../formats/onnx/onnx-model.ts';
import { partLength } from '../../formats/onnx/output-layout.ts';
import { findWeights } from '../../model/find-weights.ts';
import type { Recipe, Step } from '../../recipe/recipe.ts';
import { planRecipe } from '../plan.ts';

const TARGET_IDS = Object.keys(TARGETS) as TargetId[];
const TECHNIQUE_IDS = Object.keys(TECHNIQUES) as TechniqueId[];

const EIGHT_BITS: Step = { technique: 'rtn', where: { minElements: 1 }, options: { bits: 8 } };

const stepOf = (technique: TechniqueId): Step => ({
  technique,
  where: { minElements: 1 },
  options: {},
});

/**
 * By 8 bits for two targets and by some other technique for one; which, the model's length says.
 * @throws anything but a `StudioError` that planning throws, and where a size is not its parts'
 */
export function planEverywhere(model: OnnxModel): void {
  const weights = findWeights(model);
  const names = new Set(weights.map(({ name }) => name));
  assert(names.size === weights.length, 'every weight has its own name');
  const turn = model.byteLength;
  const at = <T>(list: readonly T[], index: number): T => {
    const item = list[index % list.length];
    assert(item !== undefined, 'the list is not empty');
    return item;
  };
  const asked: [TargetId, Step][] = [
    [at(TARGET_IDS, turn), EIGHT_BITS],
    [at(TARGET_IDS, turn + 1), EIGHT_BITS],
    [at(TARGET_IDS, turn >> 2), stepOf(at(TECHNIQUE_IDS, turn >> 4))],
  ];
  for (const [target, step] of asked) {
    const recipe: Recipe = {
      ...{ format: 'whittle-recipe', version: 1, name: 'all of it', target, seed: 1 },
      steps: [step],
    };
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
