/** The finished weights of a compression that may be interrupted: what is in here is not redone. */
import type { WeightRow } from '../report/report.ts';
import type { Bytes } from './byte-files.ts';

/** All that the job needs of a weight that was finished before. */
export interface StoredWeight {
  /** Payloads by the name of the tensor that they fill. */
  readonly payloads: ReadonlyMap<string, Bytes>;
  readonly row: WeightRow;
  /** What computed it, for the report. */
  readonly device: string;
}

/**
 * Belongs to one job: one model, recipe and version. `key` is the weight's name. Whoever puts a
 * weight leaves its bytes unchanged until `put` resolves.
 */
export interface FinishedWeights {
  has(key: string): boolean;
  /** null if there is none, or if its bytes are not whole: then it is computed again. */
  get(key: string): Promise<StoredWeight | null>;
  put(key: string, weight: StoredWeight): Promise<void>;
  /** Forgets them all: the job has ended. */
  clear(): Promise<void>;
}

/** Finished weights that end with the worker. */
export class MemoryWeights implements FinishedWeights {
  readonly #weights = new Map<string, StoredWeight>();

  has(key: string): boolean {
    return this.#weights.has(key);
  }

  async get(key: string): Promise<StoredWeight | null> {
    return this.#weights.get(key) ?? null;
  }

  async put(key: string, weight: StoredWeight): Promise<void> {
    this.#weights.set(key, weight);
  }

  async clear(): Promise<void> {
    this.#weights.clear();
  }
}
