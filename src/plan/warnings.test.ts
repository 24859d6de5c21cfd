/** Each warning says something that holds, and its fix makes it go away. */
import { openAsBlob } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { TargetId } from '../catalog/targets.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { findWeights } from '../model/find-weights.ts';
import { fixedRecipe } from '../recipe/fix.ts';
import type { Recipe, Step } from '../recipe/recipe.ts';
import { planRecipe } from './plan.ts';

const open = async (name: string) => {
  const url = new URL(`../../public/samples/${name}/model.onnx`, import.meta.url);
  const blob = await openAsBlob(fileURLToPath(url));
  const model = await openOnnx([{ path: 'model.onnx', blob }]);
  return { model, weights: findWeights(model) };
};
const MODELS = { digits: await open('digits'), sentiment: await open('sentiment-tiny') };

const recipeOf = (target: TargetId, ...steps: readonly Step[]): Recipe => ({
  ...{ format: 'whittle-recipe', version: 1, name: 'test', target, seed: 1, steps },
});
const rtn = (op: string, options: Step['options']): Step => ({
  ...{ technique: 'rtn', where: { op }, options },
});
const warningsOf = (name: keyof typeof MODELS, recipe: Recipe) =>
  planRecipe(MODELS[name].model, MODELS[name].weights, recipe).warnings;

const pruned = (sparsity: number): Step => ({ technique: 'magnitude', options: { sparsity } });

test('no target sends the person to another that sends them back', () => {
  const targets = (['webgpu', 'wasm'] as const).flatMap((target) =>
    [4, 8].flatMap((bits) =>
      warningsOf(
        'sentiment',
        recipeOf(target, rtn('MatMul', { bits }), rtn('Gather', { bits })),
      ).flatMap(({ fix }) => (fix?.kind === 'target' ? [`${target} to ${fix.target}`] : [])),
    ),
  );
  expect(new Set(targets)).toEqual(new Set(['webgpu to wasm']));
});

test.each<[keyof typeof MODELS, Recipe, string, string]>([
  [
    'sentiment',
    recipeOf('webgpu', rtn('MatMul', { bits: 4 })),
    'Visitors of a web page without WebGPU get WASM',
    'Use target WASM',
  ],
  [
    'sentiment',
    recipeOf('webgpu', rtn('MatMul', { bits: 2 })),
    '2 bit falls to a slow kernel',
    'Use 4 bits',
  ],
  [
    'sentiment',
    recipeOf('webgpu', rtn('MatMul', { bits: 2 })),
    'usually loses the answer',
    'Use 4 bits',
  ],
  [
    'sentiment',
    recipeOf('webgpu', rtn('MatMul', { bits: 4, blockSize: 64 })),
    'Block 64 falls to a slow kernel',
    'Use block size 32',
  ],
  [
    'sentiment',
    recipeOf('webgpu', rtn('MatMul', { bits: 4, blockSize: 'channel' })),
    'MatMulNBits on WebGPU takes blocks of 16 to 256',
    'Use block size 32',
  ],
  [
    'sentiment',
    recipeOf('wasm', rtn('Gather', { bits: 4, blockSize: 'channel' })),
    'Rows with one scale are 8 bit',
    'Use block size 32',
  ],
  [
    'digits',
    recipeOf('webgpu', rtn('Conv', { bits: 2 })),
    'DequantizeLinear has 2 bits',
    'Use 4 bits',
  ],
  [
    'sentiment',
    recipeOf('wasm', rtn('MatMul', { bits: 4, compute: 'exact' })),
    'Exact products are slower than fp32 on WASM',
    'Use int8 products',
  ],
  [
    'sentiment',
    recipeOf('wasm', rtn('MatMul', { bits: 8, blockSize: 64 })),
    'block size 64 is not used',
    'Use one scale a channel',
  ],
  [
    'sentiment',
    recipeOf('wasm', rtn('Gather', { bits: 8, blockSize: 32 })),
    'is looked up faster on WASM',
    'Use one scale a channel',
  ],
  [
    'sentiment',
    recipeOf('portable', rtn('MatMul', { bits: 8, blockSize: 'channel', symmetric: false })),
    'TensorRT reads symmetric weights only',
    'Use symmetric',
  ],
  [
    'sentiment',
    recipeOf('portable', rtn('MatMul', { bits: 8, blockSize: 'channel' })),
    'Slower than fp32 in a browser',
    'Use target WASM',
  ],
  [
    'sentiment',
    recipeOf(
      'wasm',
      { technique: 'smoothquant', options: {} },
      { technique: 'int8-static', where: { op: 'MatMul' }, options: { range: 'mse' } },
    ),
    'Scaled inputs get the range of their extremes',
    'Use ',
  ],
  [
    'sentiment',
    recipeOf('wasm', { technique: 'palettize', options: { bits: 3, byInputs: true } }),
    'Weighed by inputs, palettes of 3 bit can answer less like the original',
    'Use 4 bits',
  ],
  ['digits', recipeOf('wasm', pruned(0.9)), 'Over 60 % pruned', 'Use sparsity 50 %'],
  [
    'sentiment',
    recipeOf('wasm', { technique: 'cut-neurons', options: { share: 0.95 } }),
    'Removing over 60 %',
    'Use remove 50 %',
  ],
  [
    'digits',
    recipeOf('wasm', {
      ...{
        technique: 'svd',
        where: { name: 'hidden.weight' },
        options: { by: 'rank', rank: 4096 },
      },
    }),
    'Low rank would not make it smaller: at most rank',
    'Use rank',
  ],
])('%s: %j warns "%s" and offers "%s"', (name, recipe, message, label) => {
  const said = warningsOf(name, recipe).find((it) => it.message.includes(message));
  expect(said?.fix?.label).toContain(label);
  const fixed = said?.fix && fixedRecipe(recipe, said.fix);
  expect(fixed).toBeTruthy();
  if (!fixed) return;
  const left = warningsOf(name, fixed).map((it) => it.message);
  expect(left).not.toContain(said?.message);
});

test.each<[keyof typeof MODELS, Recipe, string]>([
  [
    'digits',
    recipeOf('wasm', { technique: 'fp16', options: {} }),
    'smaller, not faster: the runtime widens',
  ],
  [
    'digits',
    recipeOf('webgpu', rtn('Conv', { bits: 8, blockSize: 'channel' })),
    'Smaller, not faster',
  ],
  ['digits', recipeOf('wasm', pruned(0.5)), 'no runtime here is faster'],
])('%s: %j warns "%s", which no single edit mends', (name, recipe, message) => {
  const said = warningsOf(name, recipe).find((it) => it.message.includes(message));
  expect(said).toBeDefined();
  expect(said).not.toHaveProperty('fix');
  if (/smaller, not faster/i.test(message)) {
    expect(said?.forecast).toBe(recipe.target === 'webgpu' ? 'webgpu' : 'wasm');
  }
});

test('where weights of a step need different blocks, none is offered for all', () => {
  const both: Step = { technique: 'rtn', options: { bits: 8, blockSize: 64 } };
  const said = warningsOf('sentiment', recipeOf('wasm', both));
  const adapted = said.find(({ message }) => message.includes('block size 64 is not used'));
  expect(adapted).toBeDefined();
  expect(adapted).not.toHaveProperty('fix');
});
