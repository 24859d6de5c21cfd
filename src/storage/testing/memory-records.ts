import { readRecord } from '../read-records.ts';
import { KEY_PATHS, type Records, type StoreName, type Stores } from '../records.ts';

/** Records in memory, copied in and out as a database would. */
export class MemoryRecords implements Records {
  readonly #stored = new Map<StoreName, Map<string, unknown>>();

  async get<S extends StoreName>(store: S, key: readonly string[]): Promise<Stores[S] | null> {
    return readRecord(store, structuredClone(this.#store(store).get(key.join('\n'))));
  }

  async all<S extends StoreName>(store: S, owner?: string): Promise<readonly Stores[S][]> {
    const found = [...this.#store(store)].filter(([key]) => isOf(key, owner));
    return found
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, record]) => readRecord(store, structuredClone(record)))
      .filter((record) => record !== null);
  }

  async count(store: StoreName): Promise<number> {
    return this.#store(store).size;
  }

  async put<S extends StoreName>(store: S, record: Stores[S]): Promise<void> {
    const fields = record as unknown as Readonly<Record<string, string>>;
    const key = KEY_PATHS[store].map((field) => fields[field]).join('\n');
    this.#store(store).set(key, structuredClone(record));
  }

  async remove(store: StoreName, key: readonly string[]): Promise<void> {
    const records = this.#store(store);
    for (const it of records.keys()) if (isOf(it, key.join('\n'))) records.delete(it);
  }

  #store(name: StoreName): Map<string, unknown> {
    const store = this.#stored.get(name) ?? new Map<string, unknown>();
    this.#stored.set(name, store);
    return store;
  }
}

const isOf = (key: string, owner: string | undefined): boolean =>
  owner === undefined || key === owner || key.startsWith(`${owner}\n`);
