import { type Channel, type Client, type Connection, connect } from '../bridge/client.ts';
import { StudioError } from '../core/studio-error.ts';

/** The parts of a `Worker` that restarting needs. */
export type Restartable = Channel & Pick<Worker, 'terminate'>;

/** A worker that has not ended a cancelled call by then is stuck in it. */
const CANCEL_GRACE_MS = 20_000;

/**
 * A client whose worker starts with its first call, and is replaced by a new one after it died or
 * did not answer a cancel. The calls that were open then reject with `worker-failed`; what the
 * worker held is gone.
 */
export function restartingClient<C>(
  start: () => Restartable,
  cancelGraceMs = CANCEL_GRACE_MS,
): Client<C> {
  let live: Connection<C> | null = null;
  let worker: Restartable | null = null;

  const begin = (): Connection<C> => {
    const started = start();
    const connection = connect<C>(started);
    started.addEventListener('error', () => end(connection, started));
    worker = started;
    return connection;
  };
  const end = (connection: Connection<C>, ended: Restartable) => {
    ended.terminate();
    if (live === connection) live = null;
  };

  return {
    async call(method, args, options) {
      live ??= begin();
      const [connection, used] = [live, worker];
      let watchdog: ReturnType<typeof setTimeout> | undefined;
      const settled = new AbortController();
      const watch = () => {
        watchdog = setTimeout(() => {
          if (used) end(connection, used);
          connection.abandon(stuck(cancelGraceMs));
        }, cancelGraceMs);
      };
      options?.signal?.addEventListener('abort', watch, { signal: settled.signal });
      try {
        return await connection.call(method, args, options);
      } finally {
        settled.abort(); // a signal outlives the call: its later abort is no business of this one
        clearTimeout(watchdog);
      }
    },
  };
}

const stuck = (afterMs: number) =>
  new StudioError(
    'worker-failed',
    `The engine did not stop within ${afterMs / 1000} s and was restarted. Finished runs are kept.`,
  );
