import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { DroppedFile } from '../bridge/opened.ts';
import { sessionLock } from '../storage/session-locks.ts';
import { memoryStorage } from '../storage/testing/memory-storage.ts';
import { Keeper } from './keeper.ts';
import { Sessions } from './sessions.ts';

const { signal } = new AbortController();
const SAMPLE = new URL('../../public/samples/digits/', import.meta.url);

async function digits(folder = ''): Promise<DroppedFile[]> {
  const bytes = await readFile(new URL('model.onnx', SAMPLE));
  return [{ path: `${folder}model.onnx`, blob: new Blob([bytes]) }];
}

function tab(storage = memoryStorage()) {
  const sessions = new Sessions();
  const keeper = new Keeper(async () => storage, sessions);
  const open = async (files: readonly DroppedFile[]) => {
    const { model } = await sessions.open(files, signal);
    const { sessionId } = await keeper.keep(model.id, files, signal);
    const filesKept = await keeper.keepFiles(model.id, signal);
    return { id: model.id, keeping: { sessionId, filesKept } };
  };
  const close = (id: string) => {
    sessions.close(id);
    keeper.leave(id);
  };
  return { storage, keeper, sessions, open, close };
}

test('what was opened is restored from the disk, whatever folder it came from', async () => {
  const before = tab();
  const first = await before.open(await digits());
  before.close(first.id);
  const again = await before.open(await digits('a folder/'));
  expect(again.keeping.sessionId).toBe(first.keeping.sessionId);
  before.close(again.id);

  const { keeper } = tab(before.storage);
  const [listed] = await keeper.list();
  expect(listed?.fileName).toContain('model.onnx');
  const restored = await keeper.restore(first.keeping.sessionId, null, signal);
  expect(restored.opened.model.byteLength).toBe(listed?.byteLength);
  expect(restored.keeping.filesKept).toBe(true);
});

test('a session is one tab’s until that closes it', async () => {
  const first = tab();
  const second = tab(first.storage);
  const { id, keeping } = await first.open(await digits());
  await expect(second.keeper.restore(keeping.sessionId, null, signal)).rejects.toMatchObject({
    code: 'busy',
    message: expect.stringContaining('another tab'),
  });
  await expect(second.open(await digits())).rejects.toMatchObject({ code: 'busy' });
  first.close(id);
  await second.keeper.restore(keeping.sessionId, null, signal);
});

test('files that were not kept are asked for, known by their contents, and others are refused by name', async () => {
  const before = tab(memoryStorage(1000));
  const [model] = await digits();
  if (!model) throw new Error('the sample has a model');
  const { id, keeping } = await before.open([model]);
  expect(keeping.filesKept).toBe(false);
  before.close(id);
  const { keeper, storage } = tab(before.storage);
  const restore = (files: readonly DroppedFile[] | null) =>
    keeper.restore(keeping.sessionId, files, signal);

  await expect(restore(null)).rejects.toMatchObject({
    code: 'missing-file',
    message: expect.stringMatching(/^Choose the files of model again: model\.onnx \([\d,]+ B\)\.$/),
  });
  const other = { path: 'model.onnx', blob: new Blob([model.blob, 'x']) };
  await expect(restore([other])).rejects.toMatchObject({
    code: 'wrong-file',
    message: expect.stringContaining('model.onnx is not what was opened before'),
  });
  const stranger = { path: 'cat.png', blob: new Blob(['x']) };
  await expect(restore([stranger])).rejects.toMatchObject({ detail: { file: 'cat.png' } });
  expect(await storage.locks.held()).not.toContain(sessionLock(keeping.sessionId));

  const renamed = { path: 'downloads/renamed.onnx', blob: model.blob };
  const restored = await restore([stranger, renamed]);
  expect(restored.opened.files.map(({ path }) => path)).toEqual(['model.onnx']);
});

test('a model that is closed while it is being kept gives its session back', async () => {
  const { keeper, sessions, storage } = tab();
  const files = await digits();
  const { model } = await sessions.open(files, signal);
  const keeping = keeper.keep(model.id, files, signal);
  sessions.close(model.id);
  await expect(keeping).rejects.toMatchObject({ code: 'worker-failed' });
  expect(await storage.locks.held()).toEqual(new Set());
  expect(await keeper.list()).toEqual([]);
});

test('a job can be kept before the files are', async () => {
  const { keeper, sessions } = tab();
  const files = await digits();
  const { model } = await sessions.open(files, signal);
  const { sessionId, filesKept } = await keeper.keep(model.id, files, signal);
  expect(filesKept).toBe(false);
  const [listed] = await keeper.list();
  expect(listed).toMatchObject({ id: sessionId, filesKept: false, title: 'model' });
  expect(await keeper.keepFiles(model.id, signal)).toBe(true);
  expect((await keeper.list())[0]?.filesKept).toBe(true);
  await expect(keeper.keepFiles('another', signal)).rejects.toThrow('not open');
});

test('a cancelled keep leaves no file, no record and no lock', async () => {
  const { keeper, sessions, storage } = tab();
  const abort = new AbortController();
  const files = await digits();
  const { model } = await sessions.open(files, signal);
  abort.abort();
  await expect(keeper.keep(model.id, files, abort.signal)).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(storage.files.stored.size).toBe(0);
  expect(await storage.locks.held()).toEqual(new Set());
});
