import { expect, test } from 'vitest';
import { ANY_MODEL, type ModelTraits } from './model-traits.ts';
import { resolveOptions, withOption, withTarget } from './options.ts';
import { parseRecipe } from './parse-recipe.ts';
import { matchingPreset, PRESETS, type PresetId, presetRecipe } from './presets.ts';
import { assignSteps } from './select.ts';
import { withEnabled } from './steps.ts';

test('the five presets stand in their order', () => {
  expect(PRESETS.map(({ label }) => label)).toEqual([
    'Half the bytes',
    'Faster on WASM',
    'Small, stays close',
    'Smallest',
    'Even smaller, faster',
  ]);
});

const traits = (operators: readonly string[], mostly16Bit = false): ModelTraits => ({
  operators: new Set(operators),
  mostly16Bit,
});
const MODELS = {
  any: ANY_MODEL,
  transformer: traits(['MatMul', 'Gemm', 'Gather']),
  'conv net': traits(['Conv', 'Gemm']),
  'only embeddings': traits(['Gather']),
  'of 16 bit': traits(['MatMul', 'Gather'], true),
  'without weights': traits([]),
};

test.each(PRESETS)('$label is recognised, however its defaults are written', ({ id, caption }) => {
  for (const target of ['webgpu', 'wasm', 'native', 'portable'] as const) {
    for (const model of Object.values(MODELS)) {
      const recipe = presetRecipe(id, target, model);
      expect(matchingPreset(recipe, model)).toBe(id);
      expect(recipe.name).toBe(caption(target, model));
      expect(recipe.steps.length).toBeGreaterThan(0);
      expect(parseRecipe(recipe)).toEqual(recipe);
      const spelledOut = recipe.steps.map((step) => ({ ...step, options: resolveOptions(step) }));
      expect(matchingPreset({ ...recipe, seed: 9, steps: spelledOut }, model)).toBe(id);
    }
  }
});

test('Faster on WASM targets WASM whatever was chosen, the others keep the target', () => {
  expect(PRESETS.map(({ id }) => presetRecipe(id, 'webgpu').target)).toEqual([
    'webgpu',
    'wasm',
    'webgpu',
    'webgpu',
    'webgpu',
  ]);
});

test.each<[keyof typeof MODELS, readonly string[]]>([
  [
    'transformer',
    [
      'fp16 weights',
      'int8 dynamic',
      'int4 block 32 + int8 embeddings',
      'int4 block 32 + int4 embeddings',
      'fewer neurons and heads + GPTQ int4 + 3 bit embeddings',
    ],
  ],
  [
    'conv net',
    [
      'fp16 weights',
      'int8 dynamic',
      'int4 block 32 + int8 convolutions',
      'int4 block 32 + int4 convolutions',
      'fewer neurons and heads, channels + GPTQ int4 + int8',
    ],
  ],
  [
    'only embeddings',
    ['fp16 weights', 'int8 dynamic', 'int8 embeddings', 'int4 embeddings', '3 bit embeddings'],
  ],
  [
    'of 16 bit',
    [
      'int8 block 32',
      'int8 dynamic',
      'int4 block 32 + int8 embeddings',
      'int4 block 32 + int4 embeddings',
      'fewer neurons and heads + GPTQ int4 + 3 bit embeddings',
    ],
  ],
])('what presets say of a model: %s', (model, captions) => {
  expect(PRESETS.map(({ caption }) => caption('webgpu', MODELS[model]))).toEqual(captions);
});

test('a step is there only for weights that the model has', () => {
  const operators = (id: PresetId, model: ModelTraits) =>
    presetRecipe(id, 'wasm', model).steps.map(({ where }) => where?.op);
  expect(operators('close', MODELS['conv net'])).toEqual([
    ['MatMul', 'Gemm'],
    ['Conv', 'ConvTranspose'],
  ]);
  expect(operators('close', MODELS['only embeddings'])).toEqual([['Gather']]);
  expect(operators('close', MODELS['without weights'])).toEqual(operators('close', ANY_MODEL));
  // Recurrent weights are widened at every run: not what is to be fast, if anything else is there.
  expect(operators('fast-wasm', traits(['Gather', 'LSTM']))).toEqual([['Gather']]);
});

test('a renamed preset is still pressed, a changed one is not', () => {
  const recipe = presetRecipe('close', 'webgpu');
  expect(matchingPreset({ ...recipe, name: 'mine' })).toBe('close');
  expect(matchingPreset(withOption(recipe, 0, 'bits', 8))).toBeNull();
  expect(matchingPreset(withEnabled(recipe, 1, false))).toBeNull();
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
  for (const id of ['fast-wasm', 'close', 'smallest'] as const) {
    const recurrent = id === 'fast-wasm' ? [] : [1];
    const expected = [[0], [0], [1], [1], recurrent];
    expect(assignSteps(presetRecipe(id, 'wasm'), weights)).toEqual(expected);
  }
  // Cut to fewer units first: each kind of unit is a step, and then each kind of weight.
  const hybrid = presetRecipe('hybrid', 'wasm');
  expect(hybrid.steps.map(({ technique }) => technique)).toEqual([
    ...['cut-neurons', 'cut-heads', 'cut-channels', 'gptq', 'rtn', 'palettize'],
  ]);
  expect(assignSteps(presetRecipe('half', 'wasm'), weights)).toEqual([[0], [0], [0], [0], [0]]);
});
