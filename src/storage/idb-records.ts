/** Records in IndexedDB. */
import { type IDBPDatabase, openDB } from 'idb';
import { StudioError } from '../core/studio-error.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';
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

export class IdbRecords implements Records {
  readonly #database: IDBPDatabase;

  constructor(database: IDBPDatabase) {
    this.#database = database;
  }

  async get<S extends StoreName>(store: S, key: readonly string[]): Promise<Stores[S] | null> {
    const record: Stores[S] | undefined = await this.#database.get(store, [...key]);
    return record ?? null;
  }

  async all<S extends StoreName>(store: S, owner?: string): Promise<readonly Stores[S][]> {
    return this.#database.getAll(store, owner === undefined ? undefined : rangeOf([owner]));
  }

  async put<S extends StoreName>(store: S, record: Stores[S]): Promise<void> {
    try {
      await this.#database.put(store, record);
    } catch (error) {
      throw storageFailure(error, 'A record');
    }
  }

  async remove(store: StoreName, key: readonly string[]): Promise<void> {
    await this.#database.delete(store, rangeOf(key));
  }

  close(): void {
    this.#database.close();
  }
}

/** The key itself and every key that begins with it: an array sorts after all strings. */
const rangeOf = (key: readonly string[]): IDBKeyRange => IDBKeyRange.bound([...key], [...key, []]);
