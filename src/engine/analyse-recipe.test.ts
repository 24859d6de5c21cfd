/** An analysis says what a compression of the same recipe comes to, and is not made twice. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CompressProgress } from '../bridge/compress-calls.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import { planRecipe } from '../plan/plan.ts';
import type { Step } from '../recipe/recipe.ts';
import { MemoryWeights } from '../storage/finished-weights.ts';
import { analyseRecipe } from './analyse-recipe.ts';
import { compress } from './compress.ts';
import { openedModel, recipeOf } from './testing/opened-sample.ts';

const executor = new CpuExecutor();
let matricesAsked = 0;
const counting = new Proxy(executor, {
  get(target, key) {
    if (key === 'matrices') matricesAsked += 1;
    const value = Reflect.get(target, key, target);
    return typeof value === 'function' ? value.bind(target) : value;
  },
});
const executors = { acquire: async () => counting };
const { signal } = new AbortController();
const digits = await openedModel(new Blob([readFileSync('public/samples/digits/model.onnx')]));
const byEnergy: Step = { technique: 'svd', options: { by: 'energy', energy: 0.95 } };
const shared: Step = {
  technique: 'svd',
  options: { by: 'budget', budget: 0.5, scope: 'global' },
};
const int8: Step = { technique: 'rtn', options: { bits: 8, blockSize: 'channel' } };
const pruned: Step = { technique: 'magnitude', options: { sparsity: 0.3, scope: 'global' } };

test.each<[string, readonly Step[]]>([
  ['alone', [byEnergy]],
  ['before rounding', [byEnergy, int8]],
  ['in one budget', [shared]],
  ['in one budget, before rounding', [shared, int8]],
  ['after pruning over all weights', [pruned, byEnergy, int8]],
])(
  'ranks that depend on values, %s: the plan with them is the file, which does not find them again',
  async (_, steps) => {
    const recipe = recipeOf('wasm', ...steps);
    const finished = new MemoryWeights();
    const bound = planRecipe(digits.model, digits.weights, recipe);
    expect(bound.exact).toBe(false);
    const told: CompressProgress[] = [];
    const found = await analyseRecipe(digits, recipe, {
      ...{ signal, executors, finished, progress: (progress) => told.push(progress) },
    });
    expect(found.failed).toEqual([]);
    expect(found.ranks.length).toBeGreaterThan(0);
    expect(told.at(-1)).toMatchObject({ stage: 'analyse', done: found.ranks.length });
    const plan = planRecipe(digits.model, digits.weights, recipe, { ranks: new Map(found.ranks) });
    expect(plan.exact).toBe(true);
    expect(plan.byteLength).toBeLessThan(bound.byteLength);

    matricesAsked = 0;
    const again = await analyseRecipe(digits, recipe, {
      ...{ signal, executors, finished, progress: () => {} },
    });
    expect(again.ranks).toEqual(found.ranks);
    expect(matricesAsked).toBe(0);
    const compressed = await compress(digits, recipe, {
      ...{ signal, executors, finished, progress: () => {} },
    });
    expect(compressed.byteLength).toBe(plan.byteLength);
  },
);

test('a cancelled analysis ends', async () => {
  const analysing = analyseRecipe(digits, recipeOf('wasm', byEnergy), {
    ...{ signal: AbortSignal.abort(), executors, progress: () => {} },
  });
  await expect(analysing).rejects.toMatchObject({ name: 'AbortError' });
});
