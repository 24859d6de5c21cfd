import type { CallOptions, Client } from '../../bridge/client.ts';

/** A handler gets the arguments and the call's options, and answers like a worker. */
export type FakeHandlers<C> = {
  [M in keyof C]?: C[M] extends {
    args: infer A extends unknown[];
    result: infer R;
    progress: infer P;
  }
    ? (args: A, options: CallOptions<P>) => R | Promise<R>
    : never;
};

/** A client that answers from `handlers` and keeps the calls that it was asked. */
export function fakeClient<C>(handlers: FakeHandlers<C>): Client<C> & {
  readonly asked: readonly { readonly method: string; readonly args: readonly unknown[] }[];
} {
  const asked: { method: string; args: readonly unknown[] }[] = [];
  return {
    asked,
    call(method, args, options) {
      asked.push({ method, args: args as readonly unknown[] });
      const handler = handlers[method] as
        | ((args: unknown, options: CallOptions<never>) => unknown)
        | undefined;
      return new Promise((resolve, reject) => {
        const { signal } = options ?? {};
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        // A worker answers in a later task, never in the caller's.
        setTimeout(() => {
          if (!handler) reject(new Error(`the fake has no ${method}`));
          else {
            const answer = async () => handler(args, options ?? {});
            answer().then(resolve as never, reject);
          }
        });
      });
    },
  };
}
