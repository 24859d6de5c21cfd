import type { Hold, Locks } from '../locks.ts';

/** Locks of one origin in memory; give the same one to two tabs. */
export class MemoryLocks implements Locks {
  readonly #queues = new Map<string, (() => void)[]>();

  async take(name: string, waitMs: number): Promise<Hold | null> {
    const queue = this.#queues.get(name);
    if (!queue) {
      this.#queues.set(name, []);
      return this.#hold(name);
    }
    if (waitMs === 0) return null;
    return new Promise((resolve) => {
      const grant = () => resolve(this.#hold(name));
      queue.push(grant);
      if (waitMs === Number.POSITIVE_INFINITY) return;
      setTimeout(() => {
        const at = queue.indexOf(grant);
        if (at < 0) return;
        queue.splice(at, 1);
        resolve(null);
      }, waitMs);
    });
  }

  async held(): Promise<ReadonlySet<string>> {
    return new Set(this.#queues.keys());
  }

  #hold(name: string): Hold {
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        const next = this.#queues.get(name)?.shift();
        if (next) next();
        else this.#queues.delete(name);
      },
    };
  }
}
