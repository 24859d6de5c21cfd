import { expect, test } from 'vitest';
import { fixedRecipe, type RecipeFix } from './fix.ts';
import { presetRecipe } from './presets.ts';
import type { Step } from './recipe.ts';

const recipe = presetRecipe('close', 'webgpu');
const label = 'Mend';

test('a fix is an edit of the recipe', () => {
  expect(fixedRecipe(recipe, { kind: 'target', target: 'wasm', label })?.target).toBe('wasm');
  const bits = { kind: 'option', step: 1, key: 'bits', value: 4, label } as const;
  expect(fixedRecipe(recipe, bits)?.steps[1]?.options['bits']).toBe(4);
  const step: Step = { technique: 'magnitude', options: {} };
  expect(fixedRecipe(recipe, { kind: 'step', step, label })?.steps).toEqual([
    step,
    ...recipe.steps,
  ]);
});

test.each<[string, unknown]>([
  ['another target than there are', { kind: 'target', target: 'toaster' }],
  ['the target that it has', { kind: 'target', target: 'webgpu' }],
  ['a step that has gone', { kind: 'option', step: 7, key: 'bits', value: 4 }],
  ['an option of another technique', { kind: 'option', step: 0, key: 'sparsity', value: 0.5 }],
  ['a value that is not offered', { kind: 'option', step: 0, key: 'bits', value: 3 }],
  ['the value that it has', { kind: 'option', step: 0, key: 'bits', value: 4 }],
  ['an inherited technique', { kind: 'step', step: { technique: 'toString', options: {} } }],
  ['a step with an unknown key', { kind: 'step', step: { technique: 'rtn', options: {}, x: 1 } }],
  [
    'a broken pattern',
    { kind: 'step', step: { technique: 'rtn', where: { name: 're:(' }, options: {} } },
  ],
])('%s is no fix', (_, fix) => {
  expect(fixedRecipe(recipe, fix as RecipeFix)).toBeNull();
});
