import { expect, test } from 'vitest';
import { compress } from './compress.ts';
import {
  copyVerdict,
  deleteRun,
  freeName,
  renameRun,
  runAgain,
  undoDelete,
} from './manage-runs.ts';
import { recallHidden, showColumn } from './run-columns.ts';
import { openedStudio } from './testing/open-studio.ts';

async function withRun() {
  const it = await openedStudio();
  await compress(it.studio);
  const [, run] = it.session().runs;
  if (!run) throw new Error('no run');
  return { ...it, run };
}

test('a name that another run has gets a number', () => {
  const runs = ['int4', 'int4 2', 'int8'].map((name) => ({ id: name, name }));
  expect(freeName('int4', runs)).toBe('int4 3');
  expect(freeName('fp16', runs)).toBe('fp16');
});

test('a run is renamed; blank names and names of the baseline change nothing', async () => {
  const { studio, session, run, notice } = await withRun();
  renameRun(studio, run.id, '  best so far ');
  expect(session().runs[1]?.name).toBe('best so far');
  expect(notice()).toContain('best so far');
  renameRun(studio, run.id, '   ');
  renameRun(studio, 'baseline', 'mine');
  expect(session().runs.map(({ name }) => name)).toEqual(['fp32 baseline', 'best so far']);
});

test('a deleted run comes back to its place, and the baseline stays', async () => {
  const { studio, session, run, notice } = await withRun();
  deleteRun(studio, 'baseline');
  expect(session().runs).toHaveLength(2);
  expect(notice()).toContain('stays');
  deleteRun(studio, run.id);
  expect(session().runs.map(({ id }) => id)).toEqual(['baseline']);
  expect(session().selectedRunId).toBe('baseline');
  undoDelete(studio);
  expect(session().runs.map(({ id }) => id)).toEqual(['baseline', run.id]);
  expect(session().selectedRunId).toBe(run.id);
  expect(session().deletedRun).toBeNull();
  undoDelete(studio);
  expect(session().runs).toHaveLength(2);
});

test('run again gives another run with the same recipe', async () => {
  const { studio, session, run } = await withRun();
  await runAgain(studio, run.id);
  const [, , again] = session().runs;
  expect(again?.recipe).toEqual(run.recipe);
  expect(again?.name).toBe(`${run.name} 2`);
  expect(again?.id).not.toBe(run.id);
});

test('the verdict is copied with the name of its run', async () => {
  const { studio, run } = await withRun();
  let copied = '';
  await copyVerdict({
    ...studio,
    effects: {
      ...studio.effects,
      copy: async (text: string) => {
        copied = text;
      },
    },
  });
  expect(copied.startsWith(`${run.name}: `)).toBe(true);
  expect(copied).toMatch(/× smaller, .*\.$/);
});

test('hidden columns are remembered, and what is no column is ignored', async () => {
  const { studio, session, notes } = await withRun();
  showColumn(studio, 'gzip', false);
  showColumn(studio, 'wasm', false);
  showColumn(studio, 'wasm', true);
  expect([...session().hiddenColumns]).toEqual(['gzip']);
  expect([...recallHidden(studio)]).toEqual(['gzip']);
  for (const [key] of notes) studio.effects.remember(key, 'gzip accuracy <b>');
  expect([...recallHidden(studio)]).toEqual(['gzip']);
});
