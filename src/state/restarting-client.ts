import { type Channel, type Client, connect } from '../bridge/client.ts';

/** The parts of a `Worker` that restarting needs. */
export type Restartable = Channel & Pick<Worker, 'terminate'>;

/**
 * A client whose worker starts with its first call, and is replaced by a new one after it died. The
 * calls that were open when it died reject with `worker-failed`; what it held is gone.
 */
export function restartingClient<C>(start: () => Restartable): Client<C> {
  let live: Client<C> | null = null;

  const begin = (): Client<C> => {
    const worker = start();
    const client = connect<C>(worker);
    worker.addEventListener('error', () => {
      worker.terminate();
      if (live === client) live = null;
    });
    return client;
  };

  return {
    call(method, args, options) {
      live ??= begin();
      return live.call(method, args, options);
    },
  };
}
