import { expect, test } from 'vitest';
import type { RowAnswers } from '../report/rows.ts';
import { makeRunA, runB, swapRuns } from './compare.ts';
import { loadLabels, loadPreviews, watchPair } from './look-at-rows.ts';
import type { Run } from './run.ts';
import { updateSession } from './store.ts';
import { openedStudio, until } from './testing/open-studio.ts';

type Fakes = Parameters<typeof openedStudio>;

async function withAnswers(...fakes: Fakes) {
  const it = await openedStudio(...fakes);
  const { model, runs } = it.session();
  const [baseline] = runs;
  if (!baseline) throw new Error('no baseline');
  const run = (id: string, answers: readonly number[] | null): Run => ({
    ...{ ...baseline, id, name: id, kind: 'run', answers },
  });
  updateSession(it.studio, model.id, ({ dataset }) => ({
    dataset: { ...dataset, metric: 'accuracy' },
    runs: [{ ...baseline, answers: [0, 1] }, run('one', [1, 1]), run('two', null)],
    selectedRunId: 'one',
  }));
  return it;
}
const SCORE = { metric: 'accuracy', rows: 2, ofB: 0, value: -0.5, interval: null } as const;

test('A and B are compared by their rows, again when they are chosen again', async () => {
  const pairs: (readonly [RowAnswers, RowAnswers])[] = [];
  const { studio, session } = await withAnswers({
    compareRows: ([, a, b]) => {
      pairs.push([a, b]);
      return SCORE;
    },
  });
  const stop = watchPair(studio);
  await until(() => session().rowViews.pairing.status === 'ready');
  expect(session().rowViews.pairing).toEqual({ status: 'ready', score: SCORE });
  expect(pairs[0]?.map(({ answers }) => answers)).toEqual([
    [0, 1],
    [1, 1],
  ]);
  swapRuns(studio);
  await until(() => pairs.length === 2 && session().rowViews.pairing.status === 'ready');
  expect(pairs[1]?.map(({ answers }) => answers)).toEqual([
    [1, 1],
    [0, 1],
  ]);
  stop();
});

test('without answers of one there is no comparison, and a late answer to another pair is dropped', async () => {
  let answer = (_: typeof SCORE) => {};
  const { studio, session } = await withAnswers({
    compareRows: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  });
  watchPair(studio);
  await until(() => session().rowViews.pairing.status === 'comparing');
  makeRunA(studio, 'two');
  expect(runB(session())?.id).toBe('one');
  await until(() => session().rowViews.pairing.status === 'none');
  answer(SCORE);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(session().rowViews.pairing.status).toBe('none');
});

test('rows are read once, and forgotten with the data set', async () => {
  const asked: (readonly number[])[] = [];
  const { studio, session } = await withAnswers({
    rows: ([, indexes]) => {
      asked.push(indexes);
      return indexes.map((index) => ({
        ...{ index, label: 0 },
        content: { kind: 'text', text: `Row ${index}` },
      }));
    },
  });
  watchPair(studio);
  await Promise.all([loadPreviews(studio, [3, 4]), loadPreviews(studio, [4, 5])]);
  await loadPreviews(studio, [3, 5]);
  expect(asked).toEqual([[3, 4], [5]]);
  expect([...session().rowViews.previews.keys()]).toEqual([3, 4, 5]);
  await loadLabels(studio);
  expect(session().rowViews.labels).toMatchObject({ status: 'ready' });
  updateSession(studio, session().model.id, ({ dataset }) => ({ dataset: { ...dataset } }));
  expect(session().rowViews.previews.size).toBe(0);
  expect(session().rowViews.labels.status).toBe('none');
});
