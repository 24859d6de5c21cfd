import { StudioError } from '../core/studio-error.ts';
import type { Control, Reply, Request } from './wire.ts';

type ArgsOf<C, M extends keyof C> = C[M] extends { args: infer A extends unknown[] } ? A : never;
type ResultOf<C, M extends keyof C> = C[M] extends { result: infer R } ? R : never;
type ProgressOf<C, M extends keyof C> = C[M] extends { progress: infer P } ? P : never;

export interface CallOptions<P> {
  /** Aborting asks the worker to cancel; the call then rejects with the signal's AbortError. */
  readonly signal?: AbortSignal;
  /** Aborting asks the worker to end early with what it has; the call then resolves. */
  readonly stop?: AbortSignal;
  readonly onProgress?: (progress: P) => void;
}

export interface Client<C> {
  call<M extends keyof C & string>(
    method: M,
    args: ArgsOf<C, M>,
    options?: CallOptions<ProgressOf<C, M>>,
  ): Promise<ResultOf<C, M>>;
}

/** A client with its line to one worker. */
export interface Connection<C> extends Client<C> {
  /** Rejects every open call: nothing more is expected of the worker. */
  abandon(reason: Error): void;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (reason: unknown) => void;
  readonly onProgress: ((progress: never) => void) | undefined;
}

/** The parts of a `Worker` that a client needs; tests give a `MessagePort`. */
export type Channel = Pick<Worker, 'postMessage' | 'addEventListener'>;

/** Calls the worker behind `channel`; a worker that dies rejects every open call. */
export function connect<C>(channel: Channel): Connection<C> {
  const waiting = new Map<number, Waiting>();
  let nextId = 0;

  channel.addEventListener('message', (event) => {
    const reply = (event as MessageEvent<Reply>).data;
    const call = waiting.get(reply.id);
    if (!call) return; // a late progress message of a finished call
    if ('progress' in reply) {
      call.onProgress?.(reply.progress as never);
      return;
    }
    waiting.delete(reply.id);
    if ('result' in reply) call.resolve(reply.result as never);
    else call.reject(revive(reply.error));
  });
  channel.addEventListener('error', (event) => {
    const cause = (event as ErrorEvent).message || 'the worker stopped';
    abandon(new StudioError('worker-failed', `A worker failed (${cause}). Start again.`));
  });

  function abandon(reason: Error): void {
    for (const call of waiting.values()) call.reject(reason);
    waiting.clear();
  }

  return {
    abandon,
    call(method, args, options) {
      const id = nextId++;
      const control = (kind: Control['control']) =>
        channel.postMessage({ id, control: kind } satisfies Control);
      // A signal outlives the call; once that has ended there is nothing to control.
      const settled = new AbortController();
      const listening = { once: true, signal: settled.signal };
      const result = new Promise<ResultOf<C, typeof method>>((resolve, reject) => {
        options?.signal?.throwIfAborted();
        waiting.set(id, { resolve, reject, onProgress: options?.onProgress });
        channel.postMessage({ id, method, args } satisfies Request);
        options?.signal?.addEventListener('abort', () => control('cancel'), listening);
        options?.stop?.addEventListener('abort', () => control('stop'), listening);
      });
      return result.finally(() => settled.abort());
    },
  };
}

function revive({ code, message, detail }: Extract<Reply, { error: unknown }>['error']): Error {
  if (code === 'cancelled') return new DOMException(message, 'AbortError');
  if (code === 'bug') return new Error(message);
  return new StudioError(code, message, detail === undefined ? {} : { detail });
}
