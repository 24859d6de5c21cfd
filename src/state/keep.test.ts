/** What the page lets the browser keep, in which order, and what it says where that fails. */
import { expect, test } from 'vitest';
import type { DeskCalls } from '../bridge/protocol.ts';
import { StudioError } from '../core/studio-error.ts';
import type { KeptRun, UnfinishedJob } from '../report/kept.ts';
import { compress, compressObstacle, setBenchmarkAfter } from './compress.ts';
import { choosePreset } from './edit-recipe.ts';
import { watchKept } from './keep.ts';
import { openFiles } from './open-model.ts';
import { cancelJob } from './run-job.ts';
import type { FakeHandlers } from './testing/fake-client.ts';
import { FILES, fakeStudio, openedStudio, until } from './testing/open-studio.ts';

async function watchedStudio(desk: FakeHandlers<DeskCalls> = {}, stepMs = 0) {
  const it = await openedStudio(desk, {}, stepMs);
  await until(() => it.session().keeping.status !== 'pending');
  await until(() => it.session().identity.status === 'known');
  setBenchmarkAfter(it.studio, false);
  const stop = watchKept(it.studio, 0);
  const kept = (method: string) =>
    it.studio.desk.asked.filter((call) => call.method === method).map(({ args }) => args[1]);
  return { ...it, stop, kept };
}

test('a run is kept before its job is forgotten', async () => {
  const { studio, session, kept } = await watchedStudio();
  await compress(studio);
  await until(() => kept('keepJob').at(-1) === null);
  const run = session().runs[1];
  const [saved] = kept('keepRun') as KeptRun<unknown>[];
  expect(saved?.report).toMatchObject({ format: 'whittle-report', id: run?.id });
  expect(saved?.files).toEqual(run?.files);
  const jobs = kept('keepJob') as (UnfinishedJob | null)[];
  expect(jobs[0]).toMatchObject({ runId: run?.id, recipe: session().recipe, total: 0 });
  expect(jobs.at(-2)?.total).toBeGreaterThan(0);
  const order = studio.desk.asked.map(({ method }) => method);
  expect(order.indexOf('keepRun')).toBeLessThan(order.lastIndexOf('keepJob'));
});

test('an unmeasured baseline is not kept: it would replace a measured one', async () => {
  const { kept, stop } = await watchedStudio();
  stop();
  expect(kept('keepRun')).toEqual([]);
});

test('a cancelled compression is forgotten', async () => {
  const { studio, session, kept } = await watchedStudio({}, 5);
  const done = compress(studio);
  await until(() => {
    const { job } = session();
    return job.status === 'running' && job.finished.size > 1;
  });
  cancelJob(studio);
  await done;
  await until(() => kept('keepJob').at(-1) === null);
  expect(kept('keepRun')).toEqual([]);
});

test('the recipe is kept when it has come to rest', async () => {
  const { studio, session, kept } = await watchedStudio();
  choosePreset(studio, 'half');
  choosePreset(studio, 'smallest');
  await until(() => kept('keepRecipe').length > 0);
  expect(kept('keepRecipe')).toEqual([session().recipe]);
});

test('an output without room is named on the screen', async () => {
  const { studio, session, notice } = await watchedStudio({ keepRun: () => false });
  await compress(studio);
  await until(() => session().runsNotKept.size > 0);
  const run = session().runs[1];
  expect([...session().runsNotKept]).toEqual([run?.id]);
  expect(notice()).toContain(`${run?.name} (`);
  expect(notice()).toContain('has no room in this browser');
});

test('a model that is open in another tab works here and is not kept', async () => {
  const busy = new StudioError('busy', 'This model is open in another tab.');
  const { studio, session, kept } = await watchedStudio({
    keep: () => {
      throw busy;
    },
  });
  expect(session().keeping).toMatchObject({ status: 'not-kept', failure: { code: 'busy' } });
  await compress(studio);
  expect(session().runs).toHaveLength(2);
  expect(kept('keepRun')).toEqual([]);
});

test('a failure to keep is said and ends nothing', async () => {
  const { studio, session, notice } = await watchedStudio({
    keepRun: () => {
      throw new StudioError('quota', 'A record was not kept: the disk is full.');
    },
  });
  await compress(studio);
  await until(() => notice().includes('the disk is full'));
  expect(session().runs).toHaveLength(2);
});

test('the same files with an unfinished job offer it, and no other run begins before', async () => {
  const { studio, session } = fakeStudio({
    keep: () => ({
      ...{ sessionId: 's', filesKept: true },
      job: {
        ...{ runId: 'job', name: 'int4', recipe: session().recipe, plannedBytes: null },
        ...{ benchmarkAfter: false, startedAt: '2026-11-20T13:00:00.000Z', total: 37, done: 22 },
      },
    }),
  });
  await openFiles(studio, FILES);
  await until(() => session().unfinished !== null);
  expect(compressObstacle(session())).toBe('A run is unfinished: resume or discard it');
});
