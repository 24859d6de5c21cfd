/**
 * The database, version by version: what is kept outlives an update of the app. A migration that
 * was released is never changed; a new one is added after it.
 */
import type { IDBPDatabase, IDBPTransaction } from 'idb';

export interface Upgrade {
  readonly database: IDBPDatabase;
  readonly transaction: IDBPTransaction<unknown, string[], 'versionchange'>;
}

/** `MIGRATIONS[n]` leads from version n to n + 1. May await requests of its transaction only. */
export type Migration = (upgrade: Upgrade) => Promise<void> | void;

export const MIGRATIONS: readonly Migration[] = [
  ({ database }) => {
    database.createObjectStore('sessions', { keyPath: ['id'] });
    database.createObjectStore('runs', { keyPath: ['sessionId', 'runId'] });
    database.createObjectStore('jobs', { keyPath: ['sessionId'] });
    database.createObjectStore('weights', { keyPath: ['jobId', 'name'] });
    database.createObjectStore('mappings', { keyPath: ['sessionId'] });
  },
  // Never written: a mapping belongs to a model whatever is opened with it, so it is kept as a note.
  ({ database }) => database.deleteObjectStore('mappings'),
];
