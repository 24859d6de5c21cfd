/** Locks among the tabs of one origin; a tab that closes or crashes gives its locks back. */

export interface Hold {
  release(): void;
}

export interface Locks {
  /** Waits at most `waitMs` (0 does not wait); null if another still holds it then. */
  take(name: string, waitMs: number): Promise<Hold | null>;
  /** Names of all locks that someone holds. */
  held(): Promise<ReadonlySet<string>>;
}

/** Waits until the lock is free. */
export const FOREVER = Number.POSITIVE_INFINITY;

export function webLocks(manager: LockManager): Locks {
  return {
    async take(name, waitMs) {
      const options: LockOptions =
        waitMs === 0
          ? { ifAvailable: true }
          : waitMs === FOREVER
            ? {}
            : { signal: AbortSignal.timeout(waitMs) };
      return new Promise((resolve, reject) => {
        const granted = (lock: Lock | null) => {
          if (!lock) return resolve(null);
          return new Promise<void>((end) => resolve({ release: () => end() }));
        };
        manager.request(name, options, granted).catch((error: unknown) => {
          if (error instanceof DOMException && error.name === 'TimeoutError') resolve(null);
          else reject(error);
        });
      });
    },
    async held() {
      const { held = [] } = await manager.query();
      return new Set(held.flatMap(({ name }) => (name === undefined ? [] : [name])));
    },
  };
}

/** Runs `work` while no other tab runs its own under that name. */
export async function exclusively<T>(
  locks: Locks,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const hold = await locks.take(name, FOREVER);
  try {
    return await work();
  } finally {
    hold?.release();
  }
}
