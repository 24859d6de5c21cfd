import { expect, test } from 'vitest';
import { BASELINE, RUN } from '../../../report/testing/runs.ts';
import type { Run } from '../../../state/run.ts';
import { model } from '../../../state/testing/minilm.ts';
import { rowsOf } from '../../../state/testing/minilm-workers.ts';
import { weightDifferences } from './weight-differences.ts';

const { recipe } = RUN;
if (!recipe) throw new Error('the run has a recipe');
const rows = rowsOf(recipe);
const baseline: Run = { ...BASELINE, files: null };
const run: Run = { ...RUN, weights: rows, files: null };

test('beside the original every compressed weight differs, and only those', () => {
  const all = weightDifferences(model.weights, baseline, run);
  expect(all).toHaveLength(model.weights.length);
  const compressed = rows.filter(({ technique }) => technique !== null);
  expect(all.filter(({ differs }) => differs)).toHaveLength(compressed.length);
  const [first, second] = all;
  const change = (it: typeof first) => (it ? it.a.byteLength - it.b.byteLength : 0);
  expect(change(first)).toBeGreaterThanOrEqual(change(second));
  expect(first?.a.sqnrDb).toBeNull();
  expect(first?.b.sqnrDb).toBeGreaterThan(0);
});

test('a run beside itself differs nowhere', () => {
  const all = weightDifferences(model.weights, run, { ...run, id: 'copy' });
  expect(all.some(({ differs }) => differs)).toBe(false);
});

test('what failed stays as it was, with the reason', () => {
  const [name] = rows.filter(({ technique }) => technique !== null).map((row) => row.name);
  const partial = rows.map((row) =>
    row.name === name ? { ...row, failed: true, reason: 'out of memory' } : row,
  );
  const all = weightDifferences(model.weights, baseline, { ...run, weights: partial });
  const failed = all.find((it) => it.name === name);
  expect(failed).toMatchObject({ differs: false, b: { reason: 'failed: out of memory' } });
});
