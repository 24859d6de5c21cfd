import { expect, test } from 'vitest';
import { resolveOptions, withOption, withTarget } from './options.ts';
import { matchingPreset, PRESETS, presetRecipe } from './presets.ts';
import { assignSteps } from './select.ts';

test('the four presets stand in their order', () => {
  expect(PRESETS.map(({ label }) => label)).toEqual([
    'Half the bytes',
    'Faster on WASM',
    'Small, stays close',
    'Smallest',
  ]);
});

test.each(PRESETS)('$label is recognised, however its defaults are written', ({ id, caption }) => {
  for (const target of ['webgpu', 'wasm', 'native', 'portable'] as const) {
    const recipe = presetRecipe(id, target);
    expect(matchingPreset(recipe)).toBe(id);
    expect(recipe.name).toBe(caption(target));
    const spelledOut = recipe.steps.map((step) => ({ ...step, options: resolveOptions(step) }));
    expect(matchingPreset({ ...recipe, seed: 9, steps: spelledOut })).toBe(id);
  }
});

test('Faster on WASM targets WASM whatever was chosen, the others keep the target', () => {
  expect(PRESETS.map(({ id }) => presetRecipe(id, 'webgpu').target)).toEqual([
    'webgpu',
    'wasm',
    'webgpu',
    'webgpu',
  ]);
});

test('a renamed preset is still pressed, a changed one is not', () => {
  const recipe = presetRecipe('close', 'webgpu');
  expect(matchingPreset({ ...recipe, name: 'mine' })).toBe('close');
  expect(matchingPreset(withOption(recipe, 0, 'bits', 8))).toBe('half');
  expect(matchingPreset(withOption(recipe, 0, 'bits', 2))).toBeNull();
  expect(matchingPreset(withTarget(recipe, 'wasm'))).toBeNull(); // embeddings go by channel there
  expect(matchingPreset({ ...recipe, steps: [] })).toBeNull();
});

test('a changed option leaves the recipe it came from alone', () => {
  const recipe = presetRecipe('close', 'webgpu');
  const before = structuredClone(recipe);
  const changed = withOption(recipe, 1, 'bits', 4);
  expect(changed.steps[1]?.options).toMatchObject({ bits: 4 });
  expect(recipe).toEqual(before);
  expect(() => withOption(recipe, 2, 'bits', 4)).toThrow('no step 2');
  expect(() => withOption(recipe, 0, 'sparsity', 0.5)).toThrow('no option sparsity');
});

test('matrices take the first step, embeddings and convolutions the second', () => {
  const weights = ['MatMul', 'Gemm', 'Gather', 'Conv', 'LSTM'].map((op) => ({
    name: op,
    label: op,
    elementCount: 4096,
    uses: [{ op, nodeName: op }],
  }));
  for (const { id } of PRESETS) {
    const recurrent = id === 'fast-wasm' ? [] : [1];
    const expected = [[0], [0], [1], [1], recurrent];
    expect(assignSteps(presetRecipe(id, 'wasm'), weights)).toEqual(expected);
  }
});
