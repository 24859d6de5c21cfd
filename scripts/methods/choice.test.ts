import { expect, test } from 'vitest';
import { resolveOptions } from '../../src/recipe/options.ts';
import { presetRecipe } from '../../src/recipe/presets.ts';
import { CANDIDATES, choose, fits } from './choice.mjs';
import { HYBRID, hybridSteps } from './recipes.mjs';

const [settings = HYBRID] = CANDIDATES;
const ORIGINAL = 1000;
const CLASSIFIER = { operators: new Set(['MatMul', 'Gemm', 'Gather']), mostly16Bit: false };
const tried = (byteLength: number, klMean: number | null, low: number | null, high = low) => ({
  ...{ settings, byteLength, klMean },
  ratio: low === null || high === null ? null : { low, high },
});

test('the closest of those within both bounds is taken, the smaller of two alike', () => {
  const alike = tried(90, 0.05, 0.3);
  const all = [tried(100, 0.06, 0.33), tried(95, 0.05, 0.3), alike, tried(80, 0.07, 0.25)];
  expect(choose(all, ORIGINAL)).toEqual({ found: alike, settled: true });
  expect(choose(all.slice(0, 1), ORIGINAL)).toEqual({ found: all[0], settled: true });
});

test('what breaks a bound or was not run is not taken however close', () => {
  const broken = [
    tried(101, 0.01, 0.3),
    tried(90, 0.01, 0.331, 0.34),
    tried(90, 0.01, null),
    tried(90, null, 0.3),
  ];
  expect(choose(broken, ORIGINAL)).toBeNull();
  const kept = tried(100, 0.2, 0.33);
  expect(choose([...broken, kept], ORIGINAL)).toEqual({ found: kept, settled: true });
  expect(fits(100, ORIGINAL)).toBe(true);
  expect(fits(101, ORIGINAL)).toBe(false);
});

test('a ratio on both sides of the bound leaves the choice open where it could change it', () => {
  const [open, further] = [tried(90, 0.05, 0.3, 0.34), tried(90, 0.07, 0.29, 0.31)];
  expect(choose([further, open], ORIGINAL)).toEqual({ found: open, settled: false });
  const closer = tried(90, 0.04, 0.31, 0.33);
  expect(choose([open, closer], ORIGINAL)).toEqual({ found: closer, settled: true });
});

test('the preset does what the chosen settings say, and these were among the candidates', () => {
  const effect = (steps: ReturnType<typeof hybridSteps>) =>
    steps.map((step) => ({ ...step, options: resolveOptions(step) }));
  expect(effect(hybridSteps(HYBRID))).toEqual(
    effect([...presetRecipe('hybrid', 'wasm', CLASSIFIER).steps]),
  );
  expect(CANDIDATES).toContainEqual(HYBRID);
});
