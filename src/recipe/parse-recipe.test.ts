import { expect, test } from 'vitest';
import { isTargetId, TARGETS, type TargetId } from '../catalog/targets.ts';
import type { NumberOption } from '../catalog/technique.ts';
import { TECHNIQUES } from '../catalog/techniques.ts';
import { seededRandom } from '../core/random.ts';
import { StudioError } from '../core/studio-error.ts';
import { parseRecipe, parseRecipeText } from './parse-recipe.ts';
import { PRESETS, presetRecipe } from './presets.ts';
import type { Recipe, Selector, Step } from './recipe.ts';
import { recipeToJson } from './recipe-json.ts';
import { familyRank } from './select.ts';
import { BAD_RECIPES, type Draft } from './testing/bad-recipes.ts';

const refusal = (run: () => unknown): StudioError => {
  try {
    run();
  } catch (error) {
    if (error instanceof StudioError) return error;
    throw error;
  }
  throw new Error('was not refused');
};

test.each(Object.entries(BAD_RECIPES))('%s is refused with its path', (_name, bad) => {
  const draft = structuredClone(presetRecipe('close', 'webgpu')) as unknown as Draft;
  expect(parseRecipe(draft)).toEqual(presetRecipe('close', 'webgpu'));
  bad.change(draft);
  const { code, message, detail } = refusal(() => parseRecipe(draft));
  expect(code).toBe('bad-recipe');
  expect(message).toContain(bad.message);
  expect(message.length).toBeLessThan(400);
  expect(detail?.path).toContain(bad.path);
  expect(message).toContain(bad.path);
});

test.each([null, 7, 'recipe', [], [{}], undefined])('%j is not a recipe', (json) => {
  expect(refusal(() => parseRecipe(json)).code).toBe('bad-recipe');
});

test('broken text is refused with its line and column, big text at once', () => {
  const text = recipeToJson(presetRecipe('half', 'wasm')).replace('"seed": 1,', '"seed": 1');
  expect(refusal(() => parseRecipeText(text)).message).toContain('line 7, column 3');
  expect(refusal(() => parseRecipeText(' '.repeat(300_000))).message).toContain('At most 256 KB');
});

test('options that are absent stay absent; a step without options has none', () => {
  const recipe = presetRecipe('close', 'webgpu');
  const json = {
    ...recipe,
    steps: [{ technique: 'rtn', options: { symmetric: false } }, { technique: 'rtn' }],
  };
  expect(parseRecipe(json).steps).toEqual([
    { technique: 'rtn', options: { symmetric: false } },
    { technique: 'rtn', options: {} },
  ]);
});

test('the keys of a file come in one order', () => {
  const { steps, name, seed, ...rest } = presetRecipe('smallest', 'wasm');
  const shuffled = { steps, seed, name, ...rest };
  expect(recipeToJson(shuffled)).toBe(recipeToJson(presetRecipe('smallest', 'wasm')));
});

const random = seededRandom(11);
const pick = <T>(choices: readonly T[]): T => choices[random.below(choices.length)] as T;

function randomSelector(depth: number): Selector {
  return {
    ...(random.below(2) && { op: pick(['MatMul', ['Gemm'], ['Gather', 'MatMul']]) }),
    ...(random.below(2) && { name: pick(['*', '*/dense/?', 're:^layer\\.\\d+', 'é "quoted" 名']) }),
    ...(random.below(2) && { minElements: pick([0, 1024, 2 ** 53 - 1]) }),
    ...(depth > 0 && random.below(2) && { not: randomSelector(depth - 1) }),
  };
}

const randomNumber = ({ min, max, integer }: NumberOption): number =>
  integer ? min + random.below(max - min + 1) : min + (max - min) * random.uniform();

const inOrder = (a: Step, b: Step): number =>
  familyRank(TECHNIQUES[a.technique].family) - familyRank(TECHNIQUES[b.technique].family);

function randomStep(): Step {
  const technique = pick(Object.values(TECHNIQUES).map(({ id }) => id)) as Step['technique'];
  const options = TECHNIQUES[technique].options
    .filter(() => random.below(2))
    .map((spec) => [
      spec.key,
      spec.kind === 'toggle'
        ? random.below(2) === 1
        : spec.kind === 'choice'
          ? pick(spec.choices).value
          : randomNumber(spec),
    ]);
  return {
    technique,
    ...(random.below(3) && { where: randomSelector(3) }),
    ...(random.below(3) === 0 && { enabled: random.below(2) === 1 }),
    options: Object.fromEntries(options),
  };
}

test('random recipes come back equal from their file, and the file from them', () => {
  for (let i = 0; i < 500; i++) {
    const recipe: Recipe = {
      format: 'whittle-recipe',
      version: 1,
      name: pick(['a', 'int4 + "int8"', '​名前', '=1+1']),
      target: pick(Object.keys(TARGETS).filter(isTargetId)),
      seed: random.uint32(),
      steps: Array.from({ length: random.below(6) }, randomStep).sort(inOrder),
    };
    const text = recipeToJson(recipe);
    expect(parseRecipeText(text)).toEqual(recipe);
    expect(recipeToJson(parseRecipeText(text))).toBe(text);
  }
});

test('every preset is a recipe that can be read', () => {
  for (const { id } of PRESETS) {
    for (const target of Object.keys(TARGETS) as TargetId[]) {
      const recipe = presetRecipe(id, target);
      expect(parseRecipeText(recipeToJson(recipe))).toEqual(recipe);
    }
  }
});

test.each([
  ['sparsity', 0.96, 'steps[0].options.sparsity is 0.96. Allowed: a number from 0 to 0.95.'],
  ['sparsity', '0.5', 'steps[0].options.sparsity is "0.5". Allowed: a number from 0 to 0.95.'],
  ['sparsity', null, 'steps[0].options.sparsity is null. Allowed: a number from 0 to 0.95.'],
])('a number out of range is refused with its path: %s %s', (key, value, message) => {
  const steps = [{ technique: 'magnitude', options: { [key]: value } }];
  const recipe = {
    format: 'whittle-recipe',
    version: 1,
    name: 'a',
    target: 'wasm',
    seed: 1,
    steps,
  };
  expect(() => parseRecipe(recipe)).toThrow(message);
});

test('a rank is an integer', () => {
  const steps = [{ technique: 'svd', options: { by: 'rank', rank: 2.5 } }];
  const recipe = {
    format: 'whittle-recipe',
    version: 1,
    name: 'a',
    target: 'wasm',
    seed: 1,
    steps,
  };
  expect(() => parseRecipe(recipe)).toThrow('Allowed: an integer from 1 to 4096.');
});
