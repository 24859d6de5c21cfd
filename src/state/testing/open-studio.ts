import { expect, vi } from 'vitest';
import type { DeskCalls, EngineCalls } from '../../bridge/protocol.ts';
import { openFiles } from '../open-model.ts';
import { probeDevice } from '../probe-device.ts';
import type { Session } from '../state.ts';
import { createState, type Studio } from '../store.ts';
import { watchValues } from '../weight-values.ts';
import { type FakeHandlers, fakeClient } from './fake-client.ts';
import { deskHandlers, engineHandlers } from './minilm-workers.ts';

export const FILES = [{ path: 'model.onnx', blob: new Blob(['x']) }];
/** Waits until `check` holds. */
export const until = (check: () => boolean) =>
  vi.waitFor(() => expect(check()).toBe(true), { interval: 1 });

/** A studio over fake workers; `desk` and `engine` replace single answers. */
export function fakeStudio(
  desk: FakeHandlers<DeskCalls> = {},
  engine: FakeHandlers<EngineCalls> = {},
  stepMs = 0,
) {
  const saved = new Map<string, Blob>();
  const notes = new Map<string, string>();
  const told: (readonly [title: string, body: string])[] = [];
  const copied: string[] = [];
  const studio = {
    store: createState(),
    desk: fakeClient<DeskCalls>({ ...deskHandlers(), ...desk }),
    engine: fakeClient<EngineCalls>({ ...engineHandlers({ stepMs }), ...engine }),
    effects: {
      fetchJson: async (): Promise<unknown> => [],
      save: (name: string, blob: Blob) => void saved.set(name, blob),
      persist: async (): Promise<boolean> => true,
      persisted: async (): Promise<boolean | null> => false,
      askToTell: async (): Promise<boolean> => true,
      tell: (title: string, body: string) => void told.push([title, body]),
      copy: async (text: string): Promise<void> => void copied.push(text),
      pageAddress: () => 'https://whittle.example/',
      leaveLink: () => {},
      recall: (key: string) => notes.get(key) ?? null,
      forget: (prefix: string) => {
        for (const key of notes.keys()) if (key.startsWith(prefix)) notes.delete(key);
      },
      remember: (key: string, text: string | null) =>
        void (text === null ? notes.delete(key) : notes.set(key, text)),
      now: () => new Date('2026-11-20T13:41:22Z'),
    },
  } satisfies Studio;
  watchValues(studio);
  const session = (): Session => {
    const { session: open } = studio.store.getState();
    if (!open) throw new Error('no session');
    return open;
  };
  return {
    studio,
    saved,
    notes,
    told,
    copied,
    session,
    notice: () => studio.store.getState().notice.text,
  };
}

/** As `fakeStudio`, with the MiniLM-like model open and planned. */
export async function openedStudio(...fakes: Parameters<typeof fakeStudio>) {
  const it = fakeStudio(...fakes);
  await probeDevice(it.studio);
  await openFiles(it.studio, FILES);
  await until(() => it.session().planning.status === 'ready');
  return it;
}
