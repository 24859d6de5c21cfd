import { openAsBlob } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { keptUnits } from '../../core/cut-spec.ts';
import { isFloat } from '../../core/dtype.ts';
import { elementCount } from '../../core/shape.ts';
import { openOnnx } from '../../formats/onnx/open.ts';
import { findWeights } from '../../model/find-weights.ts';
import type { Recipe, Step } from '../../recipe/recipe.ts';
import { planRecipe } from '../plan.ts';
import { planStructure } from './plan-structure.ts';

const SAMPLES = fileURLToPath(new URL('../../../public/samples', import.meta.url));
const opened = async (name: string) =>
  openOnnx([{ path: 'model.onnx', blob: await openAsBlob(`${SAMPLES}/${name}/model.onnx`) }]);
const digits = await opened('digits');
const weights = findWeights(digits);

const recipeOf = (...steps: readonly Step[]): Recipe => ({
  ...{ format: 'whittle-recipe', version: 1, name: 'cut', target: 'wasm', seed: 1 },
  steps,
});
const cut = (technique: Step['technique'], share: number, where: Step['where'] = {}): Step => ({
  ...{ technique, where, options: { share } },
});

const parametersOf = ({ graph }: Pick<typeof digits, 'graph'>) =>
  [...graph.tensors.values()]
    .filter(({ dtype }) => isFloat(dtype))
    .reduce((sum, { dims }) => sum + elementCount(dims), 0);

/** Tags, dimensions and the stated shapes of values. */
const MOST_STRUCTURE = 2048;

test('bytes shrink by the removed parameters', () => {
  const recipe = recipeOf(cut('cut-channels', 0.5), cut('cut-neurons', 0.5));
  const { byteLength, structure, exact } = planRecipe(digits, weights, recipe);
  expect(exact).toBe(true);
  const removed = parametersOf(digits) - parametersOf(structure?.model ?? digits);
  expect(removed).toBeGreaterThan(0.7 * parametersOf(digits));
  const rest = digits.byteLength - byteLength - 4 * removed;
  expect(rest).toBeGreaterThanOrEqual(0);
  expect(rest).toBeLessThan(MOST_STRUCTURE);
});

test('a selection of layers is cut, and what they are tied to', () => {
  const recipe = recipeOf(cut('cut-channels', 0.5, { name: '*conv2*' }));
  const { planned, leftAlone } = planRecipe(digits, weights, recipe);
  const dims = planned.map(({ weight }) => [weight.name, weight.tensor.dims]);
  expect(Object.fromEntries(dims)).toEqual({
    'residual.conv1.weight': [32, 64, 3, 3],
    'residual.conv2.weight': [64, 32, 3, 3],
  });
  const bias = leftAlone.find(({ weight }) => weight.name === 'residual.conv1.bias');
  expect(bias).toMatchObject({ bytesAfter: 128, weight: { tensor: { storedByteLength: 256 } } });
});

test('later steps plan on what is left, and other sliders do not cut again', () => {
  const steps = [cut('cut-channels', 0.5), { technique: 'rtn', options: { bits: 8 } } as const];
  const recipe = recipeOf(...steps);
  const { planned, structure } = planRecipe(digits, weights, recipe);
  const wide = planned.find(({ weight }) => weight.name === 'wide.weight');
  expect(wide?.view).toMatchObject({ N: 64, K: 64 * 9 });
  expect(wide?.cut?.steps).toEqual([0]);
  const other = recipeOf(cut('cut-channels', 0.5), { technique: 'rtn', options: { bits: 4 } });
  expect(planStructure(digits, weights, other).structure).toBe(structure);
});

test('a step that cuts nothing says why', async () => {
  const tiny = await opened('sentiment-tiny');
  const { warnings, structure } = planRecipe(
    tiny,
    findWeights(tiny),
    recipeOf(cut('cut-channels', 0.5)),
  );
  expect(structure).toBeNull();
  expect(warnings[0]?.message).toContain('Nothing here can be removed: ');
  const few = planRecipe(tiny, findWeights(tiny), recipeOf(cut('cut-heads', 0.1)));
  expect(few.warnings[0]?.message).toContain('less than one unit');
});

test.each([
  [1536, 0.5, false, 768],
  [1536, 0.3, false, 1088],
  [64, 0.5, false, 32],
  [32, 0.5, false, 16],
  [5, 0.5, false, 3],
  [12, 1 / 6, true, 10],
  [2, 0.95, true, 1],
  [512, 0.95, false, 32],
])('of %i units, %f removed, whole ones %s: %i stay', (count, share, isWide, kept) => {
  expect(keptUnits(count, { share, scope: 'layer' }, isWide)).toBe(kept);
});

test.each([
  [12, 0.35, true, 8],
  [12, 0.25, true, 9],
  [10, 0.3, true, 7],
  [2, 0.35, true, 2],
  [1536, 0.5, false, 768],
  [512, 0.3, false, 384],
])(
  'of %i units, %f removed over all layers, whole ones %s: %i stay at first',
  (count, share, isWide, kept) => {
    expect(keptUnits(count, { share, scope: 'global' }, isWide)).toBe(kept);
  },
);
