/** Records in IndexedDB. */
import { type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb';
import { StudioError } from '../core/studio-error.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';
import { readRecord } from './read-records.ts';
import type { Records, StoreName, Stores } from './records.ts';
import { storageFailure } from './storage-error.ts';

/**
 * Opens the database and brings it to the newest version.
 * @throws no-storage if the browser refuses, or a newer Whittle has changed it
 */
export async function openRecords(
  name: string,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<IdbRecords> {
  try {
    const database: IDBPDatabase = await openDB(name, migrations.length, {
      async upgrade(opened, oldVersion, _newVersion, transaction) {
        for (const migrate of migrations.slice(oldVersion)) {
          await migrate({ database: opened, transaction });
        }
      },
      // Another tab brings a newer version: it must not wait for this one.
      blocking: () => database.close(),
    });
    return new IdbRecords(database);
  } catch (cause) {
    throw unavailable(cause);
  }
}

function unavailable(cause: unknown): StudioError {
  const newer = cause instanceof DOMException && cause.name === 'VersionError';
  const fact = newer
    ? 'What is kept here was written by a newer Whittle. Reload the page to get it.'
    : `The browser does not let this page keep anything (${cause instanceof Error ? cause.message : String(cause)}).`;
  return new StudioError('no-storage', fact, { cause });
}

/** A newer version took the database over, or the browser closed it: it cleared what was kept. */
const closed = (cause: unknown): StudioError =>
  new StudioError(
    'no-storage',
    'What is kept here was taken over by a newer Whittle in another tab, or cleared by the browser. Reload this page.',
    { cause },
  );

export class IdbRecords implements Records {
  readonly #database: IDBPDatabase;

  constructor(database: IDBPDatabase) {
    this.#database = database;
  }

  async get<S extends StoreName>(store: S, key: readonly string[]): Promise<Stores[S] | null> {
    const record = await this.#transact(store, 'readonly', (records) => records.get([...key]));
    return readRecord(store, record);
  }

  async all<S extends StoreName>(store: S, owner?: string): Promise<readonly Stores[S][]> {
    const range = owner === undefined ? undefined : rangeOf([owner]);
    const found = await this.#transact(store, 'readonly', (records) => records.getAll(range));
    return found.map((it) => readRecord(store, it)).filter((it) => it !== null);
  }

  async count(store: StoreName): Promise<number> {
    return this.#transact(store, 'readonly', (records) => records.count());
  }

  async put<S extends StoreName>(store: S, record: Stores[S]): Promise<void> {
    await this.#transact(store, 'readwrite', (records) => records.put(record));
  }

  async remove(store: StoreName, key: readonly string[]): Promise<void> {
    await this.#transact(store, 'readwrite', (records) => records.delete(rangeOf(key)));
  }

  close(): void {
    this.#database.close();
  }

  /** Reads too fail on a full disk, and a transaction may after its request did not: both are awaited. */
  async #transact<T, M extends 'readonly' | 'readwrite'>(
    store: StoreName,
    mode: M,
    act: (records: IDBPObjectStore<unknown, [StoreName], StoreName, M>) => Promise<T>,
  ): Promise<T> {
    try {
      const transaction = this.#database.transaction(store, mode);
      const [result] = await Promise.all([act(transaction.store), transaction.done]);
      return result;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'InvalidStateError') throw closed(error);
      throw storageFailure(error, 'A record');
    }
  }
}

/** The key itself and every key that begins with it: an array sorts after all strings. */
const rangeOf = (key: readonly string[]): IDBKeyRange => IDBKeyRange.bound([...key], [...key, []]);
