import { expect, test } from 'vitest';
import { compareRun, makeRunA, makeRunB, runA, runB, selectRun, swapRuns } from './compare.ts';
import type { Run } from './run.ts';
import { updateSession } from './store.ts';
import { openedStudio } from './testing/open-studio.ts';

async function withRuns(...ids: readonly string[]) {
  const it = await openedStudio();
  const { model, runs } = it.session();
  const [baseline] = runs;
  if (!baseline) throw new Error('no baseline');
  const more = ids.map((id): Run => ({ ...baseline, id, name: id, kind: 'run' }));
  updateSession(it.studio, model.id, () => ({
    runs: [baseline, ...more],
    selectedRunId: ids.at(-1) ?? baseline.id,
  }));
  const pair = () => [runA(it.session())?.id ?? null, runB(it.session())?.id ?? null];
  return { ...it, pair };
}

test('a single run is compared with nothing', async () => {
  const { pair, studio } = await withRuns();
  expect(pair()).toEqual([null, 'baseline']);
  swapRuns(studio);
  expect(pair()).toEqual([null, 'baseline']);
});

test('the selected run is compared with the baseline until another is chosen', async () => {
  const { pair, studio } = await withRuns('one', 'two');
  expect(pair()).toEqual(['baseline', 'two']);
  makeRunA(studio, 'one');
  expect(pair()).toEqual(['one', 'two']);
  swapRuns(studio);
  expect(pair()).toEqual(['two', 'one']);
});

test('A and B are never the same run: they change places', async () => {
  const { pair, studio } = await withRuns('one', 'two');
  makeRunA(studio, 'one');
  selectRun(studio, 'one');
  expect(pair()).toEqual(['two', 'one']);
  makeRunA(studio, 'one');
  expect(pair()).toEqual(['one', 'two']);
});

test('the original is A however it is chosen, until the person turns the two', async () => {
  const { pair, studio, session } = await withRuns('one', 'two');
  selectRun(studio, 'baseline');
  expect(pair()).toEqual(['baseline', 'two']);
  expect(session().selectedRunId).toBe('baseline');
  selectRun(studio, 'one');
  expect(pair()).toEqual(['baseline', 'one']);
  makeRunA(studio, 'two');
  selectRun(studio, 'baseline');
  expect(pair()).toEqual(['baseline', 'one']);
  swapRuns(studio);
  expect(pair()).toEqual(['one', 'baseline']);
  makeRunA(studio, 'two');
  expect(pair()).toEqual(['two', 'baseline']);
  selectRun(studio, 'one');
  expect(pair()).toEqual(['baseline', 'one']);
  makeRunB(studio, 'baseline');
  expect(pair()).toEqual(['one', 'baseline']);
  swapRuns(studio);
  expect(pair()).toEqual(['baseline', 'one']);
});

test('the last two that are pressed are compared, whatever was before', async () => {
  for (const [first, second] of [
    ['one', 'two'],
    ['two', 'one'],
    ['two', 'three'],
  ] as const) {
    const { pair, studio } = await withRuns('one', 'two', 'three');
    compareRun(studio, first);
    compareRun(studio, second);
    expect(pair()).toEqual([first, second]);
    compareRun(studio, second);
    expect(pair(), 'pressing it again changes nothing').toEqual([first, second]);
    compareRun(studio, 'baseline');
    expect(pair()).toEqual(['baseline', second]);
  }
});

test('a run that is gone leaves the comparison, and an unknown one changes nothing', async () => {
  const { pair, studio, session } = await withRuns('one', 'two');
  makeRunA(studio, 'one');
  selectRun(studio, 'never');
  expect(pair()).toEqual(['one', 'two']);
  updateSession(studio, session().model.id, ({ runs }) => ({
    runs: runs.filter(({ id }) => id !== 'one'),
  }));
  expect(pair()).toEqual(['baseline', 'two']);
});
