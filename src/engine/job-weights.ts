/**
 * The finished weights of the engine's jobs. A job holds its lock until it is settled, also while
 * it waits for an answer after a lost device, so that no other tab sweeps its weights away.
 */
import { StudioError } from '../core/studio-error.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { recipeToJson } from '../recipe/recipe-json.ts';
import { type FinishedWeights, MemoryWeights } from '../storage/finished-weights.ts';
import { KeptWeights } from '../storage/kept-weights.ts';
import type { Hold } from '../storage/locks.ts';
import { inAnotherTab, jobLock } from '../storage/session-locks.ts';
import type { Storage } from '../storage/storage.ts';

export interface WeightsOfJob {
  readonly weights: FinishedWeights;
  /** Why finished weights would not outlive this tab; null while they would. */
  readonly notKept: () => string | null;
}

interface Entry extends WeightsOfJob {
  readonly context: string;
  readonly hold: Hold | null;
}

const DISK_FULL =
  'The disk space of this page is full: finished weights are held in memory, and are computed again if the tab ends before there is room or the run has ended.';

export class JobWeights {
  readonly #open: () => Promise<Storage>;
  readonly #version: string;
  readonly #jobs = new Map<string, Entry>();

  /** `open` — opens the browser's storage; `version` — of what computes the weights */
  constructor(open: () => Promise<Storage>, version: string) {
    this.#open = open;
    this.#version = version;
  }

  /** @throws busy if another tab works on this job */
  async of(jobId: string, recipe: Recipe): Promise<WeightsOfJob> {
    const context = `${this.#version}\n${recipeToJson(recipe)}`;
    const known = this.#jobs.get(jobId);
    if (known?.context === context) return known;
    if (known) await this.settle(jobId);
    const entry = await this.#enter(jobId, context);
    this.#jobs.set(jobId, entry);
    return entry;
  }

  /** The model is closed: what is kept of its jobs stays for another visit. */
  release(): void {
    for (const { hold } of this.#jobs.values()) hold?.release();
    this.#jobs.clear();
  }

  /** The job has ended, whatever its end. */
  async settle(jobId: string): Promise<void> {
    const job = this.#jobs.get(jobId);
    this.#jobs.delete(jobId);
    try {
      await job?.weights.clear();
    } finally {
      job?.hold?.release();
    }
  }

  async #enter(jobId: string, context: string): Promise<Entry> {
    const storage = await this.#storage();
    if (storage instanceof StudioError) {
      const { message } = storage;
      return { weights: new MemoryWeights(), notKept: () => message, context, hold: null };
    }
    const hold = await storage.locks.take(jobLock(jobId), 0);
    if (!hold) throw inAnotherTab();
    try {
      const { files, records } = storage;
      const weights = await KeptWeights.open(files, records, { jobId, context });
      return { weights, notKept: () => (weights.isFull ? DISK_FULL : null), context, hold };
    } catch (error) {
      if (isQuota(error))
        return { weights: new MemoryWeights(), notKept: () => DISK_FULL, context, hold };
      hold.release();
      throw error;
    }
  }

  async #storage(): Promise<Storage | StudioError> {
    try {
      return await this.#open();
    } catch (error) {
      if (error instanceof StudioError && error.code === 'no-storage') return error;
      throw error;
    }
  }
}

const isQuota = (error: unknown): boolean => error instanceof StudioError && error.code === 'quota';
