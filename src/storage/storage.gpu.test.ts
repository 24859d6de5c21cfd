/** The browser's own storage; it needs a browser, not a GPU. */
import { deleteDB } from 'idb';
import { afterEach, describe, expect, test } from 'vitest';
import { openRecords } from './idb-records.ts';
import { exclusively, webLocks } from './locks.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';
import { OpfsFiles } from './opfs-files.ts';
import { KEY_PATHS } from './records.ts';
import { openStorage } from './storage.ts';
import { testFiles } from './testing/files-contract.ts';
import { testRecords } from './testing/records-contract.ts';

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

  test('an update keeps what an older version wrote, from whichever version it comes', async () => {
    const later: readonly Migration[] = [
      ...MIGRATIONS,
      ({ database }) => void database.createObjectStore('later'),
      async ({ transaction }) => {
        const store = transaction.objectStore('mappings');
        for (const record of await store.getAll()) await store.put({ ...record, mapping: 'moved' });
      },
    ];
    for (let from = 1; from < later.length; from++) {
      const name = newName();
      const old = await open(name, later.slice(0, from));
      await old.put('mappings', { sessionId: 's', mapping: 'as it was' });
      const updated = await open(name, later); // `old` gives way by itself
      expect(await updated.get('mappings', ['s'])).toEqual({ sessionId: 's', mapping: 'moved' });
    }
  });

  test('a database of a newer version is refused and left alone', async () => {
    const name = newName();
    const newer = await open(name, [...MIGRATIONS, () => undefined]);
    await newer.put('mappings', { sessionId: 's', mapping: 1 });
    await expect(openRecords(name)).rejects.toMatchObject({
      code: 'no-storage',
      message: expect.stringContaining('newer Whittle'),
    });
    expect(await newer.get('mappings', ['s'])).toEqual({ sessionId: 's', mapping: 1 });
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
