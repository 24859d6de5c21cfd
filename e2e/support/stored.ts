import type { Page } from '@playwright/test';

export interface Stored {
  /** Bytes of finished weights, whether committed or not. */
  readonly weightBytes: number;
  readonly weightRecords: number;
  readonly jobs: number;
  /** Models that were hashed, so that a run of theirs can be found again. */
  readonly sessions: number;
  /** Sessions whose files are copied. */
  readonly copied: number;
  /** Names of Whittle's locks that a tab holds. */
  readonly locks: readonly string[];
}

/** What the page keeps, read from the browser itself and not through the page. */
export const stored = (page: Page): Promise<Stored> =>
  page.evaluate(async () => {
    const all = (database: IDBDatabase, store: string) =>
      new Promise<readonly unknown[]>((resolve, reject) => {
        const request = database.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('whittle');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const bytesOf = async (
      handle: FileSystemFileHandle | FileSystemDirectoryHandle,
    ): Promise<number> => {
      let bytes = 0;
      try {
        if (handle.kind === 'file') return (await handle.getFile()).size;
        for await (const inner of handle.values()) bytes += await bytesOf(inner);
      } catch (error) {
        if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
      }
      return bytes; // what a worker removed meanwhile is gone
    };
    const root = await navigator.storage.getDirectory();
    const whittle = await root.getDirectoryHandle('whittle', { create: true });
    const weights = await whittle.getDirectoryHandle('weights', { create: true });
    const { held = [] } = await navigator.locks.query();
    const found = {
      weightBytes: await bytesOf(weights),
      weightRecords: (await all(database, 'weights')).length,
      jobs: (await all(database, 'jobs')).length,
      sessions: (await all(database, 'sessions')).length,
      copied: (await all(database, 'sessions')).filter((it) => Object(it).filesKept).length,
      locks: held.flatMap(({ name = '' }) => (name.startsWith('whittle') ? [name] : [])),
    };
    database.close();
    return found;
  });
