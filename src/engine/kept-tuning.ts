import { StudioError } from '../core/studio-error.ts';
import type { TuningMemory } from '../gpu/autotune.ts';
import type { Storage } from '../storage/storage.ts';

const FOLDER = 'tuning';

/**
 * Choices of kernels between visits, one small file each. Where nothing can be kept they last as long
 * as the worker: a choice that is lost is measured again.
 */
export class KeptTuning implements TuningMemory {
  readonly #open: () => Promise<Storage>;
  readonly #inMemory = new Map<string, string>();

  constructor(open: () => Promise<Storage>) {
    this.#open = open;
  }

  async get(key: string): Promise<string | undefined> {
    const known = this.#inMemory.get(key);
    if (known !== undefined) return known;
    const kept = await this.#tryTo(async ({ files }) => files.read(pathOf(key)));
    return kept?.text();
  }

  async set(key: string, value: string): Promise<void> {
    this.#inMemory.set(key, value);
    const bytes = new TextEncoder().encode(value);
    await this.#tryTo(({ files }) => files.write(pathOf(key), [bytes]));
  }

  async #tryTo<T>(use: (storage: Storage) => Promise<T>): Promise<T | null> {
    try {
      return await use(await this.#open());
    } catch (error) {
      if (error instanceof StudioError) return null;
      throw error;
    }
  }
}

/** Keys hold adapter names, which become no paths. */
const pathOf = (key: string): string =>
  `${FOLDER}/${key.replace(/[^a-z0-9]+/gi, '-').slice(0, 200)}`;
