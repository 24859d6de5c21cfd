import { expect, test } from 'vitest';
import { presetRecipe } from '../recipe/presets.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { sparsityNote } from './sparsity-note.ts';
import { BASELINE as baseline, RUN as run } from './testing/runs.ts';

const PRUNED: Recipe = {
  ...presetRecipe('half', 'wasm'),
  steps: [{ technique: 'magnitude', options: { pattern: '2:4' } }],
};
const withGzip = (bytes: number | null) => ({ ...run.output, gzipByteLength: bytes });

test('a run that pruned says that zeros are not faster', () => {
  const pruned = { ...run, recipe: PRUNED, output: withGzip(null) };
  expect(sparsityNote(pruned, baseline)).toBe(
    'Sparsity gives no speed here: zeros are stored and multiplied like any value.',
  );
});

test('zeros that are not in the file are not said to be', () => {
  const weights = run.weights.map((row) => ({ ...row, encoding: `sparse-${row.encoding}` }));
  const packed = { ...run, recipe: PRUNED, weights, output: withGzip(null) };
  expect(sparsityNote(packed, baseline)).toMatch(/zeros are left out of the file, put back as/);
});

test('what they are good for is said with both sizes', () => {
  const pruned = { ...run, recipe: PRUNED, output: withGzip(15_400_000) };
  const original = { output: withGzip(84_200_000) };
  expect(sparsityNote(pruned, original)).toMatch(
    /; after gzip the file has 15\.4 MB, the original 84\.2 MB\.$/,
  );
});

test('a run that pruned nothing says nothing of it', () => {
  expect(sparsityNote(run, baseline)).toBeNull();
  const alone = run.weights.map((row) => ({ ...row, technique: null }));
  expect(sparsityNote({ ...run, recipe: PRUNED, weights: alone }, baseline)).toBeNull();
  expect(sparsityNote(baseline, baseline)).toBeNull();
});
