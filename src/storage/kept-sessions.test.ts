import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { presetRecipe } from '../recipe/presets.ts';
import type { UnfinishedJob } from '../report/kept.ts';
import type { RunReport } from '../report/report.ts';
import { BASELINE, RUN } from '../report/testing/runs.ts';
import type { HashedFile } from './kept-files.ts';
import { KeptSessions, type NewSession } from './kept-sessions.ts';
import { KeptWeights } from './kept-weights.ts';
import type { StoreName } from './records.ts';
import { jobLock, sessionLock } from './session-locks.ts';
import { memoryStorage } from './testing/memory-storage.ts';
import { weightRecord } from './testing/records-contract.ts';

const shaOf = (content: string) => createHash('sha256').update(content).digest('hex');
const hashed = (path: string, content: string): HashedFile => {
  const blob = new Blob([content]);
  return { path, blob, byteLength: blob.size, sha256: shaOf(content) };
};
const MODEL = { id: 's', title: 'minilm', fileName: 'model.onnx', byteLength: 5 };
const FILES = [hashed('model.onnx', 'model'), hashed('reviews.csv', 'rows')];
const JOB: UnfinishedJob = {
  ...{ runId: 'job', name: 'int4', recipe: presetRecipe('close', 'webgpu'), plannedBytes: 2 },
  ...{ benchmarkAfter: true, startedAt: '2026-11-20T13:00:00.000Z', total: 3 },
};
const report = (id: string, file: HashedFile): RunReport => {
  const { path, byteLength, sha256 } = file;
  return { ...RUN, id, output: { ...RUN.output, files: [{ path, byteLength, sha256 }] } };
};

function visit(storage = memoryStorage()) {
  let day = 1;
  const kept = new KeptSessions(storage, () => new Date(Date.UTC(2026, 10, day++)));
  const keep = async (session: NewSession, files: readonly HashedFile[], signal?: AbortSignal) => {
    const job = await kept.enroll(session, files);
    return { job, filesKept: await kept.keepFiles(session.id, files, signal) };
  };
  return { storage, kept, keep };
}

async function finishWeights({ storage }: ReturnType<typeof visit>, names: readonly string[]) {
  const job = { jobId: 'job', context: 'c' };
  const weights = await KeptWeights.open(storage.files, storage.records, job);
  for (const name of names) {
    const payloads = new Map([['q', new Uint8Array([1, 2])]]);
    await weights.put(name, { payloads, row: weightRecord('job', name).row, device: 'a GPU' });
  }
}

const contents = async (files: readonly { path: string; blob: Blob }[] | null) =>
  files && Promise.all(files.map(async ({ path, blob }) => [path, await blob.text()]));

test('what was opened is there after a reload, with its recipe, runs and unfinished job', async () => {
  const before = visit();
  expect(await before.keep(MODEL, FILES)).toEqual({ filesKept: true, job: null });
  await before.kept.keepRecipe('s', JOB.recipe, 25_000_000);
  const output = hashed('out.onnx', 'smaller');
  await before.kept.keepRun('s', { ...BASELINE, id: 'baseline' }, null);
  await before.kept.keepRun('s', report('r1', output), [output]);
  await before.kept.keepJob('s', JOB);
  await finishWeights(before, ['a', 'b']);

  const { kept } = visit(before.storage);
  const [listed] = await kept.list();
  expect(listed).toMatchObject({ id: 's', filesKept: true, openElsewhere: false });
  expect(listed?.runs).toEqual([
    { id: 'r1', name: RUN.name, byteLength: RUN.output.byteLength, filesKept: true },
  ]);
  expect(listed?.diskBytes).toBe(5 + 4 + 7 + 2 * 2);
  expect(listed?.job).toEqual({ ...JOB, done: 2 });
  const opened = await kept.open('s');
  expect(await contents(opened.files)).toEqual([
    ['model.onnx', 'model'],
    ['reviews.csv', 'rows'],
  ]);
  expect(opened.record.recipe).toEqual(JOB.recipe);
  expect(opened.record.budgetBytes).toBe(25_000_000);
  expect(opened.runs.map(({ report: { kind } }) => kind)).toEqual(['baseline', 'run']);
  expect(opened.runs[0]?.files).toBeNull();
  expect(await contents(opened.runs[1]?.files ?? null)).toEqual([['out.onnx', 'smaller']]);
  expect(opened.job).toEqual({ ...JOB, done: 2 });
});

test('the same files opened again are the same session', async () => {
  const { storage, kept, keep } = visit();
  await keep(MODEL, FILES);
  await kept.keepJob('s', JOB);
  expect((await keep(MODEL, FILES)).job).toEqual({ ...JOB, done: 0 });
  expect(await kept.list()).toHaveLength(1);
  expect(storage.files.stored.size).toBe(2);
});

test('files that would take more than half of the room are listed and not kept', async () => {
  const { storage, kept, keep } = visit(memoryStorage(17));
  expect((await keep(MODEL, FILES)).filesKept).toBe(false);
  expect(storage.files.stored.size).toBe(0);
  expect((await kept.open('s')).files).toBeNull();
  storage.files.quota = 18;
  expect((await keep(MODEL, FILES)).filesKept).toBe(true);
});

test('an output without room keeps its report and leaves no half of it', async () => {
  const { storage, kept, keep } = visit(memoryStorage(24));
  await keep(MODEL, FILES);
  const [graph, heavy] = [hashed('out.onnx', 'graph'), hashed('out.data', 'far too long')];
  expect(await kept.keepRun('s', report('r1', graph), [graph, heavy])).toBe(false);
  expect(storage.files.usage).toBe(9);
  const { runs } = await kept.open('s');
  expect(runs[0]?.report.id).toBe('r1');
  expect(runs[0]?.files).toEqual([]);
});

test('a kept file that is gone or cut counts as not kept', async () => {
  const { storage, kept, keep } = visit();
  await keep(MODEL, FILES);
  storage.files.stored.set(`files/${shaOf('model')}`, new Blob(['mod']));
  expect((await kept.open('s')).files).toBeNull();
});

test('two tabs: one works on a session, the other is told; it is free when the first leaves', async () => {
  const first = visit();
  const second = visit(first.storage);
  await first.keep(MODEL, FILES);
  const hold = await first.kept.enter('s');
  expect(await second.kept.enter('s')).toBeNull();
  expect((await second.kept.list())[0]?.openElsewhere).toBe(true);
  let left = false;
  const leaving = second.kept.whenLeft(['s']).then(() => {
    left = true;
  });
  await expect(second.kept.forget('s')).rejects.toMatchObject({ code: 'busy' });
  expect(left).toBe(false);
  hold?.release();
  await leaving;
  expect((await second.kept.list())[0]?.openElsewhere).toBe(false);
  expect(await second.kept.enter('s')).not.toBeNull();
});

test('a job that ends takes its finished weights with it, and so does one that replaces it', async () => {
  const it = visit();
  await it.keep(MODEL, FILES);
  await it.kept.keepJob('s', JOB);
  await finishWeights(it, ['a']);
  await it.kept.keepJob('s', { ...JOB, total: 4 });
  expect((await it.kept.open('s')).job?.done).toBe(1);
  await it.kept.keepJob('s', { ...JOB, runId: 'next' });
  expect(await it.storage.records.all('weights')).toEqual([]);
  await it.kept.keepJob('s', null);
  expect((await it.kept.open('s')).job).toBeNull();
  expect(await it.storage.files.list('weights')).toEqual([]);
});

test('a job whose run is kept has ended, though the page went before it could say so', async () => {
  const before = visit();
  await before.keep(MODEL, FILES);
  await before.kept.keepJob('s', JOB);
  await finishWeights(before, ['a', 'b']);
  const output = hashed('out.onnx', 'smaller');
  await before.kept.keepRun('s', report('job', output), [output]);

  const { kept, storage } = visit(before.storage);
  const [listed] = await kept.list();
  expect(listed).toMatchObject({ job: null, diskBytes: 5 + 4 + 7 });
  expect((await kept.open('s')).job).toBeNull();
  expect(await kept.enroll(MODEL, FILES)).toBeNull();
  await kept.sweep();
  expect(await storage.records.count('jobs')).toBe(0);
  expect(await storage.records.all('weights', 'job')).toEqual([]);
});

test('deleting takes everything but what another session shares', async () => {
  const it = visit();
  await it.keep(MODEL, FILES);
  await it.keep({ ...MODEL, id: 'other' }, [hashed('renamed.csv', 'rows')]);
  await it.kept.keepRun('s', report('r1', hashed('o', 'out')), [hashed('o', 'out')]);
  await it.kept.keepJob('s', JOB);
  await finishWeights(it, ['a']);
  await it.kept.forget('s');
  expect((await it.kept.list()).map(({ id }) => id)).toEqual(['other']);
  expect([...it.storage.files.stored.keys()]).toEqual([`files/${shaOf('rows')}`]);
  await expect(it.kept.open('s')).rejects.toMatchObject({ code: 'missing-file' });
});

test('a sweep removes what no record speaks of, but no job that another tab runs', async () => {
  const it = visit();
  await it.keep(MODEL, FILES);
  await it.storage.files.write('files/left over', new Blob(['x']));
  await finishWeights(it, ['a']);
  const hold = await it.storage.locks.take(jobLock('job'), 0);
  await it.kept.sweep();
  expect(await it.storage.records.all('weights')).toHaveLength(1);
  hold?.release();
  await it.kept.sweep();
  expect(await it.storage.records.all('weights')).toEqual([]);
  expect(it.storage.files.stored.size).toBe(2);
});

test('a cancelled copy leaves no file; the session asks for them', async () => {
  const { storage, kept, keep } = visit();
  const abort = new AbortController();
  const write = storage.files.write.bind(storage.files);
  storage.files.write = async (path, content, signal) => {
    await write(path, content, signal);
    abort.abort();
  };
  const keeping = keep(MODEL, FILES, abort.signal);
  await expect(keeping).rejects.toMatchObject({ name: 'AbortError' });
  expect(storage.files.stored.size).toBe(0);
  expect((await kept.open('s')).files).toBeNull();
  expect(await storage.locks.held()).toEqual(new Set());
});

test('the lock of a session is its own', () => {
  expect(sessionLock('a')).not.toBe(sessionLock('b'));
});

/** Puts a record as another version could have written it. */
const putOdd = (it: ReturnType<typeof visit>, store: StoreName, record: object) =>
  it.storage.records.put(store, record as never);

test('records of another version are given what this one expects, and keep what they had', async () => {
  const it = visit();
  await it.keep(MODEL, FILES);
  const { budgetBytes: _, ...session } = (await it.storage.records.get('sessions', ['s'])) ?? {};
  await putOdd(it, 'sessions', session);
  const { otherOutputs: __, output: ___, ...dataset } = RUN.dataset ?? {};
  const old = { ...report('r1', hashed('o', 'out')), dataset };
  await putOdd(it, 'runs', { sessionId: 's', runId: 'r1', report: old, filesKept: false });
  const { record, runs, unreadableRuns } = await it.kept.open('s');
  expect(record.budgetBytes).toBeNull();
  expect(runs[0]?.report.dataset).toMatchObject({ otherOutputs: [], output: null });
  expect(unreadableRuns).toBe(0);
});

test('a run that cannot be read is counted and stays, with its files and those of others', async () => {
  const it = visit();
  await it.keep(MODEL, FILES);
  const [own, odd] = [hashed('own', 'own'), hashed('odd', 'odd')];
  await it.kept.keepRun('s', report('r1', own), [own]);
  await it.kept.keepRun('s', report('r2', odd), [odd]);
  const record = await it.storage.records.get('runs', ['s', 'r2']);
  for (const changed of [
    { ...record, report: { ...record?.report, weights: 'none' } },
    { ...record, report: { ...record?.report, version: 9 } },
    { ...record, report: null },
    { ...record, filesKept: 'yes' },
  ]) {
    await putOdd(it, 'runs', changed);
    const [listed] = await it.kept.list();
    expect(listed?.title).toBe('minilm');
    await it.kept.sweep();
    const opened = await it.kept.open('s');
    expect(opened.runs.map((run) => run.report.id)).toEqual(['r1']);
    expect(await contents(opened.runs[0]?.files ?? null)).toEqual([['own', 'own']]);
    expect(it.storage.files.stored.has(`files/${shaOf('odd')}`)).toBe(true);
    expect(await it.storage.records.count('runs')).toBe(2);
  }
});

test.each([
  ['without its files', { files: 'gone' }],
  ['with a length that is none', { byteLength: -1 }],
  ['with a date that is none', { touchedAt: 'yesterday' }],
])('a session %s is not listed, and does not stop the others', async (_, change) => {
  const it = visit();
  await it.keep(MODEL, FILES);
  await it.keep({ ...MODEL, id: 'other' }, [hashed('o', 'other')]);
  await putOdd(it, 'sessions', { ...(await it.storage.records.get('sessions', ['s'])), ...change });
  expect((await it.kept.list()).map(({ id }) => id)).toEqual(['other']);
  await it.kept.sweep();
  expect(it.storage.files.stored.size).toBe(3);
});

test('200 runs are kept, listed and opened in time', async () => {
  const it = visit();
  await it.keep(MODEL, FILES);
  const rows = Array.from({ length: 40 }, (_, index) => weightRecord('job', `w${index}`).row);
  for (let index = 0; index < 200; index++) {
    const file = hashed('out.onnx', `output ${index}`);
    const run = { ...report(`r${index}`, file), name: `run ${index}`, weights: rows };
    await it.kept.keepRun('s', run, [file]);
  }
  const began = performance.now();
  const [listed] = await it.kept.list();
  const { runs } = await it.kept.open('s');
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(listed?.runs).toHaveLength(200);
  expect(runs).toHaveLength(200);
  expect(await contents(runs.find((run) => run.report.id === 'r199')?.files ?? null)).toEqual([
    ['out.onnx', 'output 199'],
  ]);
});
