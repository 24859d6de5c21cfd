import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../bridge/client.ts';
import type { DeskCalls, EngineCalls } from '../bridge/protocol.ts';
import type { Notice, Session, State } from './state.ts';

export type Store = StoreApi<State>;

/** What the page does to the world outside it; tests give their own. */
export interface Effects {
  readonly fetchJson: (path: string) => Promise<unknown>;
  /** Hands a file to the person. */
  readonly save: (fileName: string, content: Blob) => void;
  readonly now: () => Date;
  /** A small text that the browser keeps; null if there is none or storage is closed. */
  readonly recall: (key: string) => string | null;
  /** Keeps a small text, where the browser lets it; null forgets it. */
  readonly remember: (key: string, text: string | null) => void;
  /** Forgets every small text whose key begins like that. */
  readonly forget: (prefix: string) => void;
  /** Asks the browser not to evict what is kept when the disk runs short. */
  readonly persist: () => Promise<boolean>;
  /** Whether it promised that already; null where it does not say. */
  readonly persisted: () => Promise<boolean | null>;
  /** Asks the person whether the page may notify; false where it may not or cannot. */
  readonly askToTell: () => Promise<boolean>;
  /** Shows a notification, where that is allowed. */
  readonly tell: (title: string, body: string) => void;
  /** Puts a text into the clipboard. Throws a DOMException where that is closed. */
  readonly copy: (text: string) => Promise<void>;
  /** The page's address without query and fragment. */
  readonly pageAddress: () => string;
  /** Takes query and fragment out of the address: what they held is not shown any more. */
  readonly leaveLink: () => void;
}

/** Everything that actions act on. */
export interface Studio {
  readonly store: Store;
  readonly desk: Client<DeskCalls>;
  readonly engine: Client<EngineCalls>;
  readonly effects: Effects;
}

export const createState = (): Store =>
  createStore<State>(() => ({
    device: { status: 'probing' },
    hosting: { isolation: { status: 'unknown' }, offline: { status: 'unknown' }, offer: null },
    gpuLost: false,
    samples: { status: 'loading' },
    opening: { status: 'idle' },
    kept: { status: 'loading' },
    persisted: null,
    wanted: null,
    session: null,
    shared: null,
    offered: null,
    waiting: [],
    handOver: null,
    notice: { tone: 'plain', text: 'Ready. No model open.' },
    unseenEnd: null,
    tellEnds: 'off',
  }));

/** The selector must return a primitive or a stable reference. */
export const useStudioState = <T>(store: Store, select: (state: State) => T): T =>
  useStore(store, select);

/** Changes the open session; does nothing if another model (or none) is open by now. */
export function updateSession(
  { store }: Pick<Studio, 'store'>,
  modelId: string,
  change: (session: Session) => Partial<Session>,
): void {
  const { session } = store.getState();
  if (session?.model.id !== modelId) return;
  store.setState({ session: { ...session, ...change(session) } });
}

export function notify({ store }: Pick<Studio, 'store'>, tone: Notice['tone'], text: string): void {
  store.setState({ notice: { tone, text } });
}
