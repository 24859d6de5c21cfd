import { expect, test } from 'vitest';
import type { Dataset, Task } from '../dataset/opening.ts';
import { NO_ROWS } from '../dataset/rows.ts';
import { pairedDifference } from '../report/statistics.ts';
import { compareRows } from './compare-rows.ts';

const datasetOf = (task: Task | null, labels: readonly number[]) =>
  ({
    task,
    evaluation: { ...NO_ROWS, count: labels.length, label: (row: number) => labels[row] ?? null },
  }) as unknown as Dataset;
const answers = (...given: number[]) => ({ answers: given, rowScores: null });

test('classes: the paired interval of the rows that both answered', () => {
  const dataset = datasetOf('classes', [0, 1, 0, 1, 0, 1]);
  const score = compareRows(dataset, answers(0, 1, 1, 1, 0), answers(0, 0, 0, 1, 0, 1));
  expect(score).toMatchObject({ metric: 'accuracy', rows: 5, ofB: 4 / 5 });
  expect(score).toMatchObject(
    pairedDifference({ both: 3, onlyFirst: 1, onlySecond: 1, neither: 0 }),
  );
});

test('perplexity: B minus A over the windows, with a bootstrap', () => {
  const rows = Array.from({ length: 40 }, (_, row) => row);
  const windows = (loss: (row: number) => number) => ({
    answers: null,
    rowScores: {
      task: 'next-token' as const,
      loss: rows.map(loss),
      predicted: rows.map(() => 10),
      hits: rows.map(() => 5),
    },
  });
  const score = compareRows(
    datasetOf('next-token', rows),
    windows(() => 20),
    windows((row) => 21 + (row % 3)),
  );
  expect(score?.metric).toBe('perplexity');
  const loss = rows.reduce((sum, row) => sum + 21 + (row % 3), 0) / 400;
  expect(score?.value).toBeCloseTo(Math.exp(loss) - Math.exp(2), 10);
  expect(score?.interval?.low).toBeGreaterThan(0);
});

test('pairs of texts have their label at every second row', () => {
  const labels = Array.from({ length: 40 }, (_, row) => Math.floor(row / 2));
  const given = (values: readonly number[]) => ({
    ...{ answers: null, rowScores: { task: 'pairs' as const, given: values } },
  });
  const right = Array.from({ length: 20 }, (_, pair) => pair / 20);
  const score = compareRows(datasetOf('pairs', labels), given(right.toReversed()), given(right));
  expect(score).toMatchObject({ metric: 'spearman', rows: 20 });
  expect(score?.value).toBeCloseTo(2, 10);
});

test('null where rows were not kept, do not fit the task, or have no right answer', () => {
  const none = { answers: null, rowScores: null };
  expect(compareRows(datasetOf('classes', [0]), none, answers(0))).toBeNull();
  expect(compareRows(datasetOf('number', [0]), answers(0), answers(0))).toBeNull();
  expect(compareRows(datasetOf(null, [0]), answers(0), answers(0))).toBeNull();
});
