import { expect, test } from 'vitest';
import { RUN } from '../../../report/testing/runs.ts';
import { model } from '../../../state/testing/minilm.ts';
import { rowsOf } from '../../../state/testing/minilm-workers.ts';
import { hardestOf } from './hardest-of.ts';

const { recipe } = RUN;
if (!recipe) throw new Error('the run has a recipe');
const rows = rowsOf(recipe);
const compressed = rows.filter(({ technique }) => technique !== null);

test('five weights with the lowest SQNR, the lowest first', () => {
  const hardest = hardestOf(rows, model.weights);
  expect(hardest).toHaveLength(5);
  const found = hardest.map(({ sqnrDb }) => sqnrDb);
  const all = compressed.map(({ sqnrDb }) => sqnrDb ?? 0).sort((a, b) => a - b);
  expect(found).toEqual(all.slice(0, 5));
  for (const { weight, row } of hardest) expect(weight.name).toBe(row.name);
});

test('what failed, was left alone, is exact or of another model has no place', () => {
  const [first, second, third, ...others] = compressed;
  if (!first || !second || !third) throw new Error('the run compresses some');
  const odd = [
    { ...first, failed: true, sqnrDb: 1 },
    { ...second, sqnrDb: Number.POSITIVE_INFINITY },
    { ...third, name: 'no such weight', sqnrDb: 2 },
    ...others.slice(0, 2),
  ];
  const names = hardestOf(odd, model.weights).map(({ row }) => row.name);
  expect(names.toSorted()).toEqual(
    others
      .slice(0, 2)
      .map(({ name }) => name)
      .toSorted(),
  );
  expect(
    hardestOf(
      RUN.weights.filter(({ technique }) => technique === null),
      model.weights,
    ),
  ).toEqual([]);
});
