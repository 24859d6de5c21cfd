import { StudioError } from '../core/studio-error.ts';
import type { Executor } from '../methods/executor.ts';

/** Whoever has the device: gives another one once that was lost. */
export interface Executors {
  /** @throws no-webgpu */
  acquire(): Promise<Executor>;
}

/** A browser that has lost its GPU process has no adapter until it has started another one. */
const TRIES = 6;
const BETWEEN_TRIES_MS = 400;

/**
 * A job's work on an executor. What a lost device interrupts is done again on a new one, once a job:
 * a second loss is the person's to decide about.
 */
export class Computing {
  /** Of the executor that was used last. */
  software = false;
  readonly #executors: Executors;
  readonly #onLoss: () => void;
  readonly #betweenTriesMs: number;
  #loss: StudioError | null = null;

  constructor(executors: Executors, onLoss: () => void, betweenTriesMs = BETWEEN_TRIES_MS) {
    this.#executors = executors;
    this.#onLoss = onLoss;
    this.#betweenTriesMs = betweenTriesMs;
  }

  get wasLost(): boolean {
    return this.#loss !== null;
  }

  /** @throws device-lost the second time, and where no device comes again; what `work` throws */
  async on<T>(work: (executor: Executor) => Promise<T>): Promise<T> {
    for (;;) {
      const executor = await this.#acquire();
      this.software = executor.software;
      try {
        return await work(executor);
      } catch (error) {
        const isLoss = error instanceof StudioError && error.code === 'device-lost';
        if (!isLoss || this.#loss) throw error;
        this.#loss = error;
        this.#onLoss();
      }
    }
  }

  async #acquire(): Promise<Executor> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#executors.acquire();
      } catch (error) {
        if (!this.#loss) throw error;
        if (tries === TRIES) throw this.#loss;
        await new Promise((resolve) => setTimeout(resolve, this.#betweenTriesMs));
      }
    }
  }
}
