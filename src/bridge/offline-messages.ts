/** What the page asks of its service worker. */

/** `start`: a waiting version takes over. `keep`: everything is kept for times without a network. */
export interface OfflineRequest {
  readonly ask: 'start' | 'keep';
}

/** Answers `keep`, on the port that came with it. */
export type OfflineReply =
  | { readonly kept: true }
  | { readonly kept: false; readonly reason: string };

export const isRequest = (message: unknown): message is OfflineRequest =>
  typeof message === 'object' &&
  message !== null &&
  'ask' in message &&
  (message.ask === 'start' || message.ask === 'keep');
