import { StudioError } from '../core/studio-error.ts';
import type { Executor } from '../methods/executor.ts';

/** Whoever has the device: gives another one once that was lost. */
export interface Executors {
  /** @throws no-webgpu */
  acquire(): Promise<Executor>;
}

/**
 * A job's work on an executor. What a lost device interrupts is done again on a new one, once a job:
 * a second loss is the person's to decide about.
 */
export class Computing {
  /** Of the executor that was used last. */
  software = false;
  readonly #executors: Executors;
  readonly #onLoss: () => void;
  #losses = 0;

  constructor(executors: Executors, onLoss: () => void) {
    this.#executors = executors;
    this.#onLoss = onLoss;
  }

  get losses(): number {
    return this.#losses;
  }

  /** @throws device-lost the second time, and what `work` throws */
  async on<T>(work: (executor: Executor) => Promise<T>): Promise<T> {
    for (;;) {
      const executor = await this.#executors.acquire();
      this.software = executor.software;
      try {
        return await work(executor);
      } catch (error) {
        const isLoss = error instanceof StudioError && error.code === 'device-lost';
        if (!isLoss || this.#losses > 0) throw error;
        this.#losses += 1;
        this.#onLoss();
      }
    }
  }
}
