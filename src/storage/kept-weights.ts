/**
 * Finished weights on the disk. A weight is one file and one record; the record is written last
 * and commits it with the length and SHA-256 of each payload, so that a torn write is as good as
 * none. A full disk does not end the job: weights are held in memory until there is room again.
 */
import { newId } from '../core/new-id.ts';
import { StudioError } from '../core/studio-error.ts';
import type { ByteFiles, Bytes } from './byte-files.ts';
import type { FinishedWeights, StoredWeight } from './finished-weights.ts';
import type { Records, WeightRecord } from './records.ts';

export const WEIGHTS_FOLDER = 'weights';

/** A full disk is tried again after this time, and each time it is still full after twice as long. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 16_000;

export interface JobOfWeights {
  readonly jobId: string;
  /** Recipe and version; weights of another context do not count. */
  readonly context: string;
}

export class KeptWeights implements FinishedWeights {
  readonly #files: ByteFiles;
  readonly #records: Records;
  readonly #job: JobOfWeights;
  readonly #kept: Map<string, WeightRecord>;
  /** What found no room yet. */
  readonly #held = new Map<string, StoredWeight>();
  readonly #writing = new Set<Promise<void>>();
  readonly #now: () => number;
  #closed = false;
  #writingHeld = false;
  #pauseMs = FIRST_PAUSE_MS;
  #pausedUntil = 0;

  /** Finds what an earlier visit kept of this job. `now` — milliseconds, for the pauses */
  static async open(
    files: ByteFiles,
    records: Records,
    job: JobOfWeights,
    now: () => number = () => performance.now(),
  ): Promise<KeptWeights> {
    const found = await records.all('weights', job.jobId);
    const own = found.filter(({ context }) => context === job.context);
    return new KeptWeights(files, records, job, new Map(own.map((it) => [it.name, it])), now);
  }

  private constructor(
    files: ByteFiles,
    records: Records,
    job: JobOfWeights,
    kept: Map<string, WeightRecord>,
    now: () => number,
  ) {
    this.#files = files;
    this.#records = records;
    this.#job = job;
    this.#kept = kept;
    this.#now = now;
  }

  /** The disk is full: some weights are lost if the tab ends before the job does. */
  get isFull(): boolean {
    return this.#held.size > 0;
  }

  has(key: string): boolean {
    return this.#kept.has(key) || this.#held.has(key);
  }

  async get(key: string): Promise<StoredWeight | null> {
    const record = this.#kept.get(key);
    if (!record) return this.#held.get(key) ?? null;
    const payloads = await this.#read(record);
    if (payloads) return { payloads, row: record.row, device: record.device };
    this.#kept.delete(key);
    await this.#records.remove('weights', [record.jobId, record.name]);
    return null;
  }

  put(key: string, weight: StoredWeight): Promise<void> {
    const writing = this.#put(key, weight);
    this.#writing.add(writing);
    const ended = () => void this.#writing.delete(writing);
    writing.then(ended, ended);
    return writing;
  }

  async clear(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#writing);
    this.#kept.clear();
    this.#held.clear();
    await removeWeights(this.#files, this.#records, this.#job.jobId);
  }

  async #put(key: string, weight: StoredWeight): Promise<void> {
    if (this.#closed) return;
    if (this.#now() < this.#pausedUntil) {
      this.#held.set(key, weight);
      return;
    }
    if (await this.#tryWrite(key, weight)) await this.#writeHeld();
  }

  /** There is room again: what was held is written, by whoever notices first. */
  async #writeHeld(): Promise<void> {
    if (this.#writingHeld) return;
    this.#writingHeld = true;
    try {
      for (const [key, weight] of [...this.#held]) {
        if (this.#closed || !(await this.#tryWrite(key, weight))) return;
      }
    } finally {
      this.#writingHeld = false;
    }
  }

  /** Writes a weight; where there is no room it is held instead, and that is false. */
  async #tryWrite(key: string, weight: StoredWeight): Promise<boolean> {
    try {
      await this.#write(key, weight);
      this.#held.delete(key);
      this.#pauseMs = FIRST_PAUSE_MS;
      return true;
    } catch (error) {
      if (!(error instanceof StudioError && error.code === 'quota')) throw error;
      this.#held.set(key, weight);
      this.#pausedUntil = this.#now() + this.#pauseMs;
      this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
      return false;
    }
  }

  async #write(key: string, { payloads, row, device }: StoredWeight): Promise<void> {
    const file = newId();
    const described = [...payloads].map(async ([name, bytes]) => ({
      name,
      byteLength: bytes.byteLength,
      sha256: await sha256(bytes),
    }));
    const record: WeightRecord = {
      ...{ jobId: this.#job.jobId, context: this.#job.context, name: key, row, device, file },
      payloads: await Promise.all(described),
    };
    await this.#files.write(this.#path(file), [...payloads.values()]);
    try {
      await this.#records.put('weights', record);
    } catch (error) {
      await this.#files.remove(this.#path(file));
      throw error;
    }
    this.#kept.set(key, record);
  }

  async #read({ file, payloads }: WeightRecord): Promise<ReadonlyMap<string, Bytes> | null> {
    const blob = await this.#files.read(this.#path(file));
    const expected = payloads.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (blob?.size !== expected) return null;
    const read = new Map<string, Bytes>();
    let start = 0;
    for (const { name, byteLength, sha256: digest } of payloads) {
      const bytes = new Uint8Array(await blob.slice(start, start + byteLength).arrayBuffer());
      if ((await sha256(bytes)) !== digest) return null;
      read.set(name, bytes);
      start += byteLength;
    }
    return read;
  }

  #path(file: string): string {
    return `${WEIGHTS_FOLDER}/${this.#job.jobId}/${file}`;
  }
}

/** Forgets the finished weights of a job. */
export async function removeWeights(
  files: ByteFiles,
  records: Records,
  jobId: string,
): Promise<void> {
  await records.remove('weights', [jobId]);
  await files.remove(`${WEIGHTS_FOLDER}/${jobId}`);
}

async function sha256(bytes: Bytes): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
