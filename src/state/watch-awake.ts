import type { Studio } from './store.ts';
import type { Task } from './task.ts';

/** The part of a browser's wake lock that is needed; absent where the browser has none. */
export interface ScreenLock {
  request(kind: 'screen'): Promise<ScreenHold>;
}

export interface ScreenHold {
  readonly released: boolean;
  release(): Promise<void>;
}

/**
 * Keeps the device awake while a job runs in sight: a laptop that falls asleep would stop it. The
 * browser takes the lock back from a hidden tab, so it is asked for again when the tab is seen.
 */
export function watchAwake(
  studio: Pick<Studio, 'store'>,
  page: Pick<Document, 'visibilityState' | 'addEventListener'>,
  lock: ScreenLock | undefined,
): void {
  if (!lock) return;
  let hold: ScreenHold | null = null;
  let asking = false;
  /** The browser refuses on a low battery, for instance: it is not asked twice for one job. */
  let refused: Task | null = null;

  const wanted = (): Task | null => {
    const job = studio.store.getState().session?.job;
    return job?.status === 'running' && page.visibilityState === 'visible' ? job.task : null;
  };
  const follow = async () => {
    const task = wanted();
    if (!task) {
      const held = hold;
      hold = null;
      await held?.release();
      return;
    }
    if (asking || task === refused || hold?.released === false) return;
    asking = true;
    try {
      hold = await lock.request('screen');
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'NotAllowedError')) throw error;
      refused = task;
    } finally {
      asking = false;
    }
    if (!wanted()) await follow(); // the job ended while the browser was asked
  };
  studio.store.subscribe(() => void follow());
  page.addEventListener('visibilitychange', () => void follow());
}
