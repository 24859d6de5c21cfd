import { expect, test } from 'vitest';
import { MAX_NAME_LENGTH, parseRecipe } from '../recipe/parse-recipe.ts';
import { presetRecipe } from '../recipe/presets.ts';
import type { Recipe, Step } from '../recipe/recipe.ts';
import { nameRecipe, sameRecipe } from './recipe-name.ts';

const recipe = (...steps: readonly Step[]): Recipe => ({
  ...presetRecipe('half', 'wasm'),
  steps,
});
const rtn = (options: Step['options'] = {}): Step => ({ technique: 'rtn', options });
const pruned = (options: Step['options'] = {}): Step => ({ technique: 'magnitude', options });
const svd = (options: Step['options'] = {}): Step => ({ technique: 'svd', options });
const INT8 = rtn({ bits: 8, blockSize: 'channel' });

test.each<[string, readonly Step[]]>([
  ['no steps', []],
  ['50 % pruned + int8 per channel', [pruned(), INT8]],
  ['2:4 + int8 per channel', [pruned({ pattern: '2:4' }), INT8]],
  ['rank by energy 95 % + int8 per channel', [svd(), INT8]],
  ['rank 96 + int4 block 32', [svd({ by: 'rank', rank: 96 }), rtn()]],
  ['fp16 weights', [{ technique: 'fp16', options: {} }]],
  ['fp16', [{ technique: 'fp16', where: { op: 'MatMul' }, options: {} }]],
  ['int8 per channel', [{ ...pruned(), enabled: false }, INT8]],
  ['int4 block 32 + int4 block 64', [rtn(), rtn({ blockSize: 64 })]],
  ['int4 block 32', [rtn(), { ...rtn(), where: { op: 'Gather' } }]],
])('%s', (name, steps) => {
  expect(nameRecipe(recipe(...steps))).toBe(name);
});

test('a preset keeps its own name', () => {
  const traits = { operators: new Set(['MatMul', 'Gather']), mostly16Bit: false };
  const close = presetRecipe('close', 'webgpu', traits);
  expect(nameRecipe(close, traits)).toBe('int4 block 32 + int8 embeddings');
  expect(nameRecipe(presetRecipe('close', 'webgpu'))).toBe('int4 block 32 + int8 rest');
});

test('a recipe of many steps has a name that its file may hold', () => {
  const steps = Array.from({ length: 99 }, (_, at) => svd({ by: 'rank', rank: at + 1 }));
  const many = recipe(...steps);
  const name = nameRecipe(many);
  expect(name).toBe('rank 1 + rank 2 + rank 3 + rank 4 + 95 more');
  expect(name.length).toBeLessThan(MAX_NAME_LENGTH);
  expect(parseRecipe({ ...many, name }).name).toBe(name);
});

test('options that are not used make no other recipe', () => {
  const plain = recipe(pruned({ pattern: '2:4' }));
  expect(sameRecipe(plain, recipe(pruned({ pattern: '2:4', sparsity: 0.9 })))).toBe(true);
  expect(sameRecipe(plain, recipe(pruned({ pattern: '4:8' })))).toBe(false);
  expect(sameRecipe(recipe(pruned()), recipe(pruned({ sparsity: 0.9 })))).toBe(false);
});
