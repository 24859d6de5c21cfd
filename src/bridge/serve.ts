import { StudioError } from '../core/studio-error.ts';
import type { Control, Reply, Request, WireError } from './wire.ts';

export interface CallContext<P> {
  readonly signal: AbortSignal;
  /** Aborted when the person wants the result so far. */
  readonly stop: AbortSignal;
  readonly progress: (progress: P) => void;
}

export type Handlers<C> = {
  [M in keyof C]: C[M] extends {
    args: infer A extends unknown[];
    result: infer R;
    progress: infer P;
  }
    ? (context: CallContext<P>, ...args: A) => Promise<R>
    : never;
};

interface Port {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/**
 * Answers the calls of a client. Listens with `addEventListener`: an `onmessage =` would overwrite
 * the handler of any runtime thread that evaluates the same module.
 */
export function serve<C>(port: Port, handlers: Handlers<C>): void {
  const running = new Map<number, { abort: AbortController; stop: AbortController }>();

  const answer = async ({ id, method, args }: Request) => {
    const abort = new AbortController();
    const stop = new AbortController();
    running.set(id, { abort, stop });
    const context: CallContext<unknown> = {
      signal: abort.signal,
      stop: stop.signal,
      progress: (progress) => port.postMessage({ id, progress } satisfies Reply),
    };
    const handler = handlers[method as keyof C] as (...all: unknown[]) => Promise<unknown>;
    try {
      port.postMessage({ id, result: await handler(context, ...args) } satisfies Reply);
    } catch (error) {
      port.postMessage({ id, error: wireError(error) } satisfies Reply);
    } finally {
      running.delete(id);
    }
  };

  port.addEventListener('message', ({ data }: MessageEvent<Request | Control>) => {
    if ('control' in data) {
      const job = running.get(data.id);
      if (data.control === 'cancel') job?.abort.abort();
      else job?.stop.abort();
    } else if ('method' in data) {
      void answer(data);
    }
  });
}

function wireError(error: unknown): WireError {
  if (error instanceof StudioError) {
    const { code, message, detail } = error;
    return detail === undefined ? { code, message } : { code, message, detail };
  }
  if (error instanceof DOMException && error.name === 'AbortError') {
    return { code: 'cancelled', message: error.message };
  }
  const bug = error instanceof Error ? error : new Error(String(error));
  return { code: 'bug', message: bug.stack ?? bug.message };
}
