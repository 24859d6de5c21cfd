/** The browser's own storage; it needs a browser, not a GPU. */
import { deleteDB } from 'idb';
import { afterEach, describe, expect, test } from 'vitest';
import { presetRecipe } from '../recipe/presets.ts';
import { RUN } from '../report/testing/runs.ts';
import { openRecords } from './idb-records.ts';
import { exclusively, webLocks } from './locks.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';
import { OpfsFiles } from './opfs-files.ts';
import { KEY_PATHS, type StoreName, type Stores } from './records.ts';
import { openStorage } from './storage.ts';
import { testFiles } from './testing/files-contract.ts';
import { testRecords, weightRecord } from './testing/records-contract.ts';

let made = 0;
const names: string[] = [];
const newName = () => {
  made += 1;
  names.push(`test ${made}`);
  return `test ${made}`;
};
const opened: { close(): void }[] = [];
const open = async (name: string, migrations?: readonly Migration[]) => {
  const records = await openRecords(name, migrations);
  opened.push(records);
  return records;
};

afterEach(async () => {
  for (const it of opened.splice(0)) it.close();
  const root = await navigator.storage.getDirectory();
  for (const name of names.splice(0)) {
    await deleteDB(name);
    await root.removeEntry(name, { recursive: true }).catch(() => undefined);
  }
});

describe('the origin private file system', () => {
  testFiles(async () => {
    const root = await navigator.storage.getDirectory();
    return new OpfsFiles(await root.getDirectoryHandle(newName(), { create: true }));
  });
});

test('what is still being written is not removed, and is a moment later', async () => {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(newName(), { create: true });
  const files = new OpfsFiles(folder);
  await files.write('weights/a', new Blob(['x']));
  const handle = await (await folder.getDirectoryHandle('weights')).getFileHandle('a');
  const writing = await handle.createWritable();
  expect(await files.remove('weights/a')).toBe(false);
  await writing.close();
  expect(await files.remove('weights/a')).toBe(true);
  expect(await files.list('weights')).toEqual([]);
});

/** A record of each store as the first version wrote them. */
const WRITTEN = {
  sessions: {
    ...{ id: 's', title: 'minilm', fileName: 'model.onnx', byteLength: 5, filesKept: true },
    files: [{ path: 'model.onnx', byteLength: 5, sha256: 'a' }],
    ...{ recipe: presetRecipe('close', 'webgpu'), touchedAt: '2026-11-20T13:00:00.000Z' },
  },
  runs: { sessionId: 's', runId: 'r', report: { ...RUN, id: 'r' }, filesKept: true },
  jobs: {
    ...{ sessionId: 's', runId: 'job', name: 'int4', recipe: presetRecipe('half', 'wasm') },
    ...{ plannedBytes: null, benchmarkAfter: true, startedAt: '2026-11-20T13:00:00.000Z' },
    total: 37,
  },
  weights: weightRecord('job', 'a'),
} as const satisfies Stores;

/** The database as the first version made it, in the browser's own words. */
function firstVersion(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      const database = request.result;
      database.createObjectStore('sessions', { keyPath: ['id'] });
      database.createObjectStore('runs', { keyPath: ['sessionId', 'runId'] });
      database.createObjectStore('jobs', { keyPath: ['sessionId'] });
      database.createObjectStore('weights', { keyPath: ['jobId', 'name'] });
      database.createObjectStore('mappings', { keyPath: ['sessionId'] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const added = (database: IDBDatabase, store: string, record: unknown) =>
  new Promise<void>((resolve, reject) => {
    const transaction = database.transaction(store, 'readwrite');
    transaction.objectStore(store).add(record);
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });

describe('IndexedDB', () => {
  testRecords(() => open(newName()));

  test('its stores are keyed as the records say', async () => {
    const name = newName();
    await open(name);
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
    });
    opened.push(database);
    const stores = [...database.objectStoreNames];
    const transaction = database.transaction(stores);
    const paths = stores.map((it) => [it, transaction.objectStore(it).keyPath]);
    expect(Object.fromEntries(paths)).toEqual(KEY_PATHS);
  });

  test('an update keeps all that the first version wrote', async () => {
    const name = newName();
    const old = await firstVersion(name);
    for (const [store, record] of Object.entries(WRITTEN)) await added(old, store, record);
    await added(old, 'mappings', { sessionId: 's', mapping: {} });
    old.close();
    const updated = await open(name);
    const later = { budgetBytes: null }; // came after the first version
    const expected = { ...WRITTEN, sessions: { ...WRITTEN.sessions, ...later } };
    for (const [store, record] of Object.entries(expected)) {
      expect(await updated.all(store as StoreName), store).toEqual([record]);
    }
  });

  test('an update keeps what an older version wrote, from whichever version it comes', async () => {
    const later: readonly Migration[] = [
      ...MIGRATIONS,
      ({ database }) => void database.createObjectStore('later'),
      async ({ transaction }) => {
        const store = transaction.objectStore('jobs');
        for (const record of await store.getAll()) await store.put({ ...record, name: 'moved' });
      },
    ];
    for (let from = 1; from < later.length; from++) {
      const name = newName();
      const old = await open(name, later.slice(0, from));
      await old.put('jobs', WRITTEN.jobs);
      const updated = await open(name, later); // `old` gives way by itself
      expect(await updated.get('jobs', ['s'])).toEqual({ ...WRITTEN.jobs, name: 'moved' });
      await expect(old.all('jobs')).rejects.toMatchObject({
        code: 'no-storage',
        message: expect.stringContaining('Reload this page'),
      });
    }
  });

  test('a database of a newer version is refused and left alone', async () => {
    const name = newName();
    const newer = await open(name, [...MIGRATIONS, () => undefined]);
    await newer.put('jobs', WRITTEN.jobs);
    await expect(openRecords(name)).rejects.toMatchObject({
      code: 'no-storage',
      message: expect.stringContaining('newer Whittle'),
    });
    expect(await newer.all('jobs')).toEqual([WRITTEN.jobs]);
  });
});

describe('locks', () => {
  const locks = webLocks(navigator.locks);

  test('one holds it, the other is told so at once or after a while', async () => {
    const hold = await locks.take('l', 0);
    expect(hold).not.toBeNull();
    expect(await locks.take('l', 0)).toBeNull();
    expect(await locks.take('l', 20)).toBeNull();
    expect(await locks.held()).toContain('l');
    hold?.release();
    const next = await locks.take('l', 1000);
    expect(next).not.toBeNull();
    next?.release();
    await expect.poll(() => locks.held()).not.toContain('l');
  });

  test('exclusive work waits for its turn, also after a failure', async () => {
    const order: string[] = [];
    const first = exclusively(locks, 'l', async () => {
      order.push('first');
      await new Promise((resolve) => setTimeout(resolve, 10));
      order.push('failed');
      throw new Error('first');
    });
    const second = exclusively(locks, 'l', async () => void order.push('second'));
    await expect(first).rejects.toThrow('first');
    await second;
    expect(order).toEqual(['first', 'failed', 'second']);
  });
});

test('a browser offers all of it, with a free figure', async () => {
  const { quota } = await openStorage();
  expect(await quota.free()).toBeGreaterThan(0);
});
