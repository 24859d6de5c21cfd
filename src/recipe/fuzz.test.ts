import { expect, test } from 'vitest';
import { StudioError } from '../core/studio-error.ts';
import { fuzz, fuzzSettings, type Outcome, onTime, report } from '../core/testing/fuzz.ts';
import { HOSTILE_NAMES } from '../core/testing/hostile-text.ts';
import { mutateJson } from '../core/testing/mutate-json.ts';
import { parseRecipeText } from './parse-recipe.ts';
import { recipeToJson } from './recipe-json.ts';
import { assignSteps } from './select.ts';

const settings = fuzzSettings(process.env);
const MUTANTS = 3000;
const LONGEST_MS = 2000;
const BASE = JSON.stringify({
  ...{ format: 'whittle-recipe', version: 1, name: 'int4', target: 'webgpu', seed: 7 },
  steps: [
    {
      technique: 'rtn',
      where: {
        ...{ op: ['MatMul', 'Gemm'], name: 're:^(enc|dec)\\.[0-9]+\\.(w|b){1,3}$' },
        ...{ minElements: 64, not: { name: '*/head*', op: 'Gather' } },
      },
      options: { bits: 4, blockSize: 32, symmetric: true },
    },
    { technique: 'rtn', enabled: false, options: { bits: 8 } },
  ],
});
const WEIGHTS = [...HOSTILE_NAMES, 'enc.0.w', 'a'.repeat(200)].map((name) => ({
  ...{ name, label: name, elementCount: 4096 },
  uses: [{ op: 'MatMul', nodeName: name }],
}));

test('the base is a recipe', () => {
  expect(parseRecipeText(BASE).steps).toHaveLength(2);
});

test(`mutants of a recipe, seed ${settings.seed}`, { timeout: 0 }, async () => {
  const attempt = (text: string): Outcome => {
    const recipe = parsedOrRefused(text);
    if (recipe) {
      const again = parseRecipeText(recipeToJson(recipe));
      expect(again).toEqual(recipe);
      assignSteps(recipe, WEIGHTS);
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
    return recipe ? 'accepted' : 'rejected';
  };
  const tally = await fuzz(
    {
      ...{ base: 'recipe', mutants: MUTANTS },
      attempt: (random) => {
        const text = mutateJson(BASE, random);
        return onTime(LONGEST_MS, () => attempt(text));
      },
    },
    settings,
  );
  report('recipe', tally, settings);
  if (settings.only === undefined)
    expect(tally.accepted).toBeGreaterThan((MUTANTS * settings.scale) / 100);
});

function parsedOrRefused(text: string) {
  try {
    return parseRecipeText(text);
  } catch (error) {
    if (error instanceof StudioError && error.code === 'bad-recipe') return null;
    throw error;
  }
}
