/** What the page lets the browser keep, in which order, and what it says where that fails. */
import { expect, test } from 'vitest';
import type { Keeping } from '../bridge/keeping-calls.ts';
import type { DeskCalls } from '../bridge/protocol.ts';
import { StudioError } from '../core/studio-error.ts';
import { presetRecipe } from '../recipe/presets.ts';
import type { KeptRun, UnfinishedJob } from '../report/kept.ts';
import { compress, compressObstacle, setBenchmarkAfter } from './compress.ts';
import { choosePreset } from './edit-recipe.ts';
import { watchKept } from './keep.ts';
import { deleteRun, undoDelete } from './manage-runs.ts';
import { openFiles } from './open-model.ts';
import { cancelJob } from './run-job.ts';
import type { Session } from './state.ts';
import { deferred } from './testing/deferred.ts';
import type { FakeHandlers } from './testing/fake-client.ts';
import { engineHandlers } from './testing/minilm-workers.ts';
import { FILES, fakeStudio, openedStudio, until } from './testing/open-studio.ts';

const UNFINISHED = {
  ...{ runId: 'job', name: 'int4', plannedBytes: null, benchmarkAfter: false },
  ...{ startedAt: '2026-11-20T13:00:00.000Z', total: 37, done: 22 },
};

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

test('a run that is deleted is forgotten, and kept again when it is back', async () => {
  const { studio, session, kept } = await watchedStudio({ forgetRun: () => null });
  await compress(studio);
  await until(() => kept('keepRun').length === 1);
  const [, run] = session().runs;
  deleteRun(studio, run?.id ?? '');
  await until(() => kept('forgetRun').length === 1);
  expect(kept('forgetRun')).toEqual([run?.id]);
  undoDelete(studio);
  await until(() => kept('keepRun').length === 2);
  expect((kept('keepRun')[1] as KeptRun<unknown>).report.id).toBe(run?.id);
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
      job: { ...UNFINISHED, recipe: session().recipe },
    }),
  });
  await openFiles(studio, FILES);
  await until(() => session().unfinished !== null);
  expect(compressObstacle(session())).toBe('A run is unfinished: resume or discard it');
});

const KEPT = { sessionId: 's', filesKept: false, job: null };

/** A studio whose keeping is answered by hand. */
async function slowlyKept(desk: FakeHandlers<DeskCalls> = {}) {
  const keeping = deferred<typeof KEPT>();
  const order: string[] = [];
  const normal = engineHandlers({ stepMs: 0 });
  const it = await openedStudio(
    {
      keep: () => keeping.promise,
      keepJob: async ([, job]) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        order.push(job ? `job of ${job.total} written` : 'job forgotten');
        return null;
      },
      ...desk,
    },
    {
      compress: (args, options) => {
        order.push('compress');
        if (!normal.compress) throw new Error('no answer');
        return normal.compress(args, options);
      },
    },
  );
  setBenchmarkAfter(it.studio, false);
  watchKept(it.studio, 0);
  return { ...it, order, answer: () => keeping.resolve(KEPT), refuse: keeping.reject };
}

const phaseOf = ({ job }: Session) => (job.status === 'running' ? job.phase : job.status);

test('no weight is finished before its job is written down, and the wait is said', async () => {
  const { studio, session, notice, order, answer } = await slowlyKept();
  const done = compress(studio);
  await until(() => phaseOf(session()) === 'keep');
  expect(notice()).toMatch(/^Keeping what it takes to resume .* after a reload\.$/);
  expect(order).toEqual([]);
  answer();
  await done;
  expect(order.slice(0, 2)).toEqual(['job of 0 written', 'compress']);
});

test('the wait for the job to be written down can be cancelled', async () => {
  const { studio, session, notice, order } = await slowlyKept();
  const done = compress(studio);
  await until(() => phaseOf(session()) === 'keep');
  cancelJob(studio);
  await done;
  expect(session().job).toEqual({ status: 'idle' });
  expect(notice()).toMatch(/^Cancelled\./);
  expect(order).toEqual([]);
});

test('a model that cannot be kept is compressed all the same', async () => {
  const { studio, session, order, refuse } = await slowlyKept();
  const done = compress(studio);
  await until(() => phaseOf(session()) === 'keep');
  refuse(new StudioError('no-storage', 'This browser has no disk space for pages.'));
  await done;
  expect(order).toEqual(['compress']);
  expect(session().runs).toHaveLength(2);
});

test('a job without room for its record begins, and is written when the copy gave its room back', async () => {
  const full = { isFull: true };
  const written: unknown[] = [];
  const copying = deferred<boolean>();
  const { studio, session, notice } = await openedStudio(
    {
      keepFiles: () => copying.promise,
      keepJob: ([, job]) => {
        if (full.isFull) throw new StudioError('quota', 'A record was not kept: the disk is full.');
        written.push(job?.runId);
        return null;
      },
    },
    {},
    5,
  );
  setBenchmarkAfter(studio, false);
  watchKept(studio, 0);
  await until(() => session().keeping.status === 'kept');
  const done = compress(studio);
  await until(() => notice().includes('the disk is full'));
  await until(() => phaseOf(session()) === 'compress');
  full.isFull = false;
  copying.resolve(false);
  await until(() => written.length > 0);
  await done;
  expect(written[0]).toBe(session().runs[1]?.id);
});

test('what an earlier visit left unfinished is found while Compress waits, and is not replaced', async () => {
  const job = { ...UNFINISHED, recipe: presetRecipe('half', 'webgpu') };
  const keeping = deferred<Keeping>();
  const { studio, session, notice } = await openedStudio({ keep: () => keeping.promise });
  watchKept(studio, 0);
  const done = compress(studio);
  await until(() => phaseOf(session()) === 'keep');
  keeping.resolve({ ...KEPT, job });
  await done;
  expect(session().unfinished).toEqual(job);
  expect(session().job.status).toBe('idle');
  expect(notice()).toBe('int4 of an earlier visit is unfinished: resume or discard it first.');
  const asked = studio.desk.asked.map(({ method }) => method);
  expect(asked).not.toContain('keepJob');
  expect(studio.engine.asked.map(({ method }) => method)).not.toContain('compress');
});
