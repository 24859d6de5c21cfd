import { type Failure, toFailure } from './failure.ts';

type Act = () => Promise<void>;

/**
 * Writes one after the other. What finds no room is not given up: it is tried again after the next
 * write that found some, and on `retry`. A newer write under the same key takes its place.
 */
export class WriteQueue {
  readonly #onFailure: (failure: Failure) => void;
  readonly #again = new Map<string, Act>();
  #writing: Promise<void> = Promise.resolve();

  /** `onFailure` — hears of each write that failed, once */
  constructor(onFailure: (failure: Failure) => void) {
    this.#onFailure = onFailure;
  }

  add(key: string, act: Act): void {
    this.#then(async () => {
      this.#again.delete(key);
      if (await this.#done(key, act, true)) await this.#tryAgain();
    });
  }

  /** There may be room again. */
  retry(): void {
    this.#then(() => this.#tryAgain());
  }

  /** Resolves when all that was added by now was written, or found to fail. */
  settled(): Promise<void> {
    return this.#writing;
  }

  async #tryAgain(): Promise<void> {
    for (const [key, act] of [...this.#again]) {
      if (!(await this.#done(key, act, false))) return;
      this.#again.delete(key);
    }
  }

  async #done(key: string, act: Act, first: boolean): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      const failure = toFailure(error);
      const waits = failure.code === 'quota';
      if (waits) this.#again.set(key, act);
      else this.#again.delete(key);
      if (first || !waits) this.#onFailure(failure);
      return false;
    }
  }

  #then(act: Act): void {
    this.#writing = this.#writing.then(act);
  }
}
