/** What an earlier visit left behind, and that nothing of it starts without a word. */
import { expect, test } from 'vitest';
import type { Restored } from '../bridge/keeping-calls.ts';
import type { DeskCalls } from '../bridge/protocol.ts';
import { StudioError } from '../core/studio-error.ts';
import { presetRecipe } from '../recipe/presets.ts';
import type { KeptJob, KeptSession } from '../report/kept.ts';
import { BASELINE, RUN } from '../report/testing/runs.ts';
import { openFiles } from './open-model.ts';
import { askToPersist, loadPersisted } from './persist.ts';
import { probeDevice } from './probe-device.ts';
import {
  continueKept,
  discardKept,
  discardUnfinished,
  forgetAllKept,
  forgetKept,
  loadKept,
  resumeKept,
  stopAskingForFiles,
} from './resume.ts';
import type { FakeHandlers } from './testing/fake-client.ts';
import { opened } from './testing/minilm.ts';
import { fakeStudio, until } from './testing/open-studio.ts';

const RECIPE = presetRecipe('smallest', 'webgpu');
const JOB: KeptJob = {
  ...{ runId: 'job', name: 'int4', recipe: RECIPE, plannedBytes: 10_200_000, total: 37, done: 22 },
  ...{ benchmarkAfter: false, startedAt: '2026-11-20T13:00:00.000Z' },
};
const KEPT: KeptSession = {
  ...{ id: 's', title: 'sentiment-minilm', fileName: 'model.onnx', byteLength: 90_902_856 },
  files: [{ path: 'model.onnx', byteLength: 90_902_856, sha256: 'a' }],
  ...{ filesKept: true, touchedAt: '2026-11-20T13:00:00.000Z', runs: [], diskBytes: 9e7 },
  ...{ openElsewhere: false, job: JOB },
};
const output = new Blob(['compressed']);
const RESTORED: Restored = {
  opened,
  keeping: { sessionId: 's', filesKept: true, job: JOB },
  recipe: presetRecipe('half', 'webgpu'),
  budgetBytes: 20_000_000,
  runs: [
    { report: { ...BASELINE, id: 'baseline' }, files: null },
    { report: { ...RUN, id: 'r1' }, files: [{ path: 'out.onnx', blob: output }] },
    { report: { ...RUN, id: 'r2' }, files: [] },
  ],
  unreadableRuns: 0,
};

async function visit(desk: FakeHandlers<DeskCalls> = {}) {
  const it = fakeStudio({ sessions: () => [KEPT], restore: () => RESTORED, ...desk });
  await probeDevice(it.studio);
  await loadKept(it.studio);
  const asked = (client: 'desk' | 'engine', method: string) =>
    it.studio[client].asked.filter((call) => call.method === method).map(({ args }) => args);
  return { ...it, asked };
}

test('a visit lists what is kept and starts nothing', async () => {
  const { studio, asked } = await visit();
  expect(studio.store.getState().kept).toEqual({ status: 'ready', sessions: [KEPT] });
  expect(studio.store.getState().session).toBeNull();
  expect(asked('desk', 'restore')).toEqual([]);
});

test('what another tab has open is offered as soon as that has left it', async () => {
  let openElsewhere = true;
  const leaving: ((value: null) => void)[] = [];
  const { studio } = await visit({
    sessions: () => [{ ...KEPT, openElsewhere }],
    whenLeft: () => new Promise((resolve) => void leaving.push(resolve)),
  });
  expect(studio.store.getState().kept).toMatchObject({ sessions: [{ openElsewhere: true }] });
  await until(() => leaving.length === 1);
  openElsewhere = false;
  for (const leave of leaving) leave(null);
  await until(() => {
    const { kept } = studio.store.getState();
    return kept.status === 'ready' && kept.sessions[0]?.openElsewhere === false;
  });
});

test('Resume brings back runs and recipe, and goes on with the job under its own id', async () => {
  const { studio, session, asked } = await visit();
  await resumeKept(studio, KEPT);
  expect(asked('desk', 'restore')).toEqual([['s', null]]);
  expect(asked('engine', 'compress')).toEqual([
    [opened.model.id, RECIPE, { executor: 'gpu', jobId: 'job' }],
  ]);
  expect(session().recipe).toEqual(presetRecipe('half', 'webgpu'));
  expect(session().budgetBytes).toBe(20_000_000);
  expect(session().runs.map(({ id }) => id)).toEqual(['baseline', 'r1', 'r2', 'job']);
  expect(session().runs[1]?.files?.[0]?.blob).toBe(output);
  expect([...session().runsNotKept]).toEqual(['r2']);
  expect(session().runs[3]?.name).toBe('int4');
  expect(session().runs[3]?.startedAt).toBe(JOB.startedAt);
  expect(session().unfinished).toBeNull();
});

test('Continue opens the model with its runs; the unfinished job waits', async () => {
  const { studio, session, asked } = await visit();
  await continueKept(studio, KEPT);
  expect(session().runs).toHaveLength(3);
  expect(session().unfinished).toEqual(JOB);
  expect(asked('engine', 'compress')).toEqual([]);
  expect(asked('desk', 'keep')).toEqual([]);
});

test('runs that cannot be read are named, and the others are there', async () => {
  const { studio, session, notice } = await visit({
    restore: () => ({ ...RESTORED, unreadableRuns: 2 }),
  });
  await continueKept(studio, KEPT);
  expect(session().runs).toHaveLength(3);
  expect(notice()).toBe(
    '2 runs of sentiment-minilm were kept by another version of Whittle, and this one cannot read them. They stay.',
  );
});

test('files that had no room are asked for, and the next ones that come are taken for them', async () => {
  const { studio, session, notice, asked } = await visit();
  await resumeKept(studio, { ...KEPT, filesKept: false });
  expect(asked('desk', 'restore')).toEqual([]);
  expect(notice()).toContain('open its files again (model.onnx)');
  const files = [{ path: 'downloads/model.onnx', blob: new Blob(['x']) }];
  await openFiles(studio, files);
  expect(asked('desk', 'restore')).toEqual([['s', files]]);
  expect(studio.store.getState().wanted).toBeNull();
  expect(session().runs.at(-1)?.id).toBe('job');
});

test('other files are refused by name, and the question stays', async () => {
  const { studio, notice } = await visit({
    restore: () => {
      throw new StudioError('wrong-file', 'cat.png is not what was opened before.', {
        detail: { file: 'cat.png' },
      });
    },
  });
  await continueKept(studio, { ...KEPT, filesKept: false });
  await openFiles(studio, [{ path: 'cat.png', blob: new Blob(['x']) }]);
  const { wanted, opening, session } = studio.store.getState();
  expect(wanted?.kept.id).toBe('s');
  expect(opening).toMatchObject({ status: 'failed', failure: { code: 'wrong-file' } });
  expect(session).toBeNull();
  expect(notice()).toContain('cat.png');
  stopAskingForFiles(studio);
  expect(studio.store.getState().wanted).toBeNull();
});

test('kept files that turn out to be gone are asked for', async () => {
  const { studio } = await visit({
    restore: () => {
      throw new StudioError('missing-file', 'Choose the files again.');
    },
  });
  await continueKept(studio, KEPT);
  expect(studio.store.getState().wanted?.kept.id).toBe('s');
});

test('a session that another tab has open is not taken from it', async () => {
  const { studio, notice } = await visit({
    restore: () => {
      throw new StudioError('busy', 'This model is open in another tab.');
    },
  });
  await continueKept(studio, KEPT);
  expect(studio.store.getState().session).toBeNull();
  expect(notice()).toContain('another tab');
});

test('Discard drops the job, Delete the session; the list follows', async () => {
  let sessions = [KEPT];
  const { studio, notice } = await visit({
    sessions: () => sessions,
    discardJob: () => {
      sessions = [{ ...KEPT, job: null }];
      return null;
    },
    forget: () => {
      sessions = [];
      return null;
    },
  });
  await discardKept(studio, KEPT);
  expect(notice()).toBe('Discarded the unfinished int4 of sentiment-minilm.');
  expect(studio.store.getState().kept).toMatchObject({ sessions: [{ job: null }] });
  await forgetKept(studio, KEPT);
  expect(notice()).toBe('Deleted sentiment-minilm, 90.0 MB.');
  expect(studio.store.getState().kept).toEqual({ status: 'ready', sessions: [] });
});

test('Delete takes what was noted of the model, unless another session of it stays', async () => {
  const other = { ...KEPT, id: 'other' };
  let sessions = [KEPT, other];
  const { studio, notes, notice, asked } = await visit({
    sessions: () => sessions,
    forget: ([id]) => {
      sessions = sessions.filter((it) => it.id !== id);
      return null;
    },
  });
  notes.set('whittle-mapping sentiment-minilm 22713728', '{}');
  notes.set('whittle-mapping sentiment-minilm-2 7', '{}');
  await forgetKept(studio, KEPT);
  expect(notes.size).toBe(2);
  await forgetAllKept(studio);
  expect([...notes.keys()]).toEqual(['whittle-mapping sentiment-minilm-2 7']);
  expect(asked('desk', 'forget')).toEqual([['s'], ['other']]);
  expect(notice()).toBe('Deleted 1 model, 90.0 MB.');
});

test('Delete all leaves what another tab has open', async () => {
  const { studio, asked, notice } = await visit({
    sessions: () => [KEPT, { ...KEPT, id: 'theirs', openElsewhere: true }, { ...KEPT, id: 'b' }],
    whenLeft: () => new Promise(() => undefined),
  });
  await forgetAllKept(studio);
  expect(asked('desk', 'forget')).toEqual([['s'], ['b']]);
  expect(notice()).toBe('Deleted 2 models, 180.0 MB.');
});

test('the browser is asked to keep it upon a click only, and its answer is said', async () => {
  const { studio, notice } = await visit();
  await loadPersisted(studio);
  expect(studio.store.getState().persisted).toBe(false);
  await askToPersist(studio);
  expect(studio.store.getState().persisted).toBe(true);
  expect(notice()).toBe('The browser keeps it until you delete it.');
  studio.effects.persist = async () => false;
  await askToPersist(studio);
  expect(studio.store.getState().persisted).toBe(false);
  expect(notice()).toContain('did not promise it');
});

test('an unfinished job of the open model can be discarded there', async () => {
  const { studio, session, asked } = await visit({
    keep: () => ({ sessionId: 's', filesKept: true, job: JOB }),
  });
  await openFiles(studio, [{ path: 'model.onnx', blob: new Blob(['x']) }]);
  await until(() => session().unfinished !== null);
  await discardUnfinished(studio);
  expect(session().unfinished).toBeNull();
  expect(asked('desk', 'keepJob')).toEqual([['s', null]]);
});

test('without storage the list says why it is empty', async () => {
  const { studio } = await visit({
    sessions: () => {
      throw new StudioError('no-storage', 'This browser has no disk space for pages.');
    },
  });
  expect(studio.store.getState().kept).toMatchObject({
    status: 'failed',
    failure: { code: 'no-storage' },
  });
});
