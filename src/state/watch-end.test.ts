import { expect, test } from 'vitest';
import { StudioError } from '../core/studio-error.ts';
import { compress, setBenchmarkAfter } from './compress.ts';
import { cancelJob } from './run-job.ts';
import { openedStudio, until } from './testing/open-studio.ts';
import { setTellEnds, watchEnd } from './watch-end.ts';

/** A studio whose tab is hidden while its job runs. */
async function hiddenStudio(...fakes: Parameters<typeof openedStudio>) {
  const it = await openedStudio(...fakes);
  setBenchmarkAfter(it.studio, false);
  const events = new EventTarget();
  const page = {
    visibilityState: 'visible' as DocumentVisibilityState,
    addEventListener: events.addEventListener.bind(events),
  };
  const turn = (state: DocumentVisibilityState) => {
    page.visibilityState = state;
    events.dispatchEvent(new Event('visibilitychange'));
  };
  watchEnd(it.studio, page);
  const unseen = () => it.studio.store.getState().unseenEnd;
  return { ...it, turn, unseen };
}

test('a job that ends in a hidden tab is told by its title until the tab is seen', async () => {
  const { studio, session, told, turn, unseen } = await hiddenStudio();
  turn('hidden');
  await compress(studio);
  expect(unseen()).toBe(`Done: ${session().runs[1]?.name}`);
  expect(told, 'nobody asked for a notification').toEqual([]);
  turn('visible');
  expect(unseen()).toBeNull();
});

test('who asked for it is told by a notification, with what came of it', async () => {
  const { studio, session, told, turn, notice } = await hiddenStudio();
  await setTellEnds(studio, true);
  turn('hidden');
  await compress(studio);
  await until(() => told.length > 0);
  expect(told).toEqual([[`Done: ${session().runs[1]?.name}`, notice()]]);
  expect(notice()).toContain('Compressed');
  await setTellEnds(studio, false);
  expect(studio.store.getState().tellEnds).toBe('off');
});

test('a job that fails is told as such', async () => {
  const { studio, told, turn } = await hiddenStudio(
    {},
    {
      compress: () => {
        throw new StudioError('out-of-memory', 'No memory left.');
      },
    },
  );
  await setTellEnds(studio, true);
  turn('hidden');
  await compress(studio);
  await until(() => told.length > 0);
  expect(told[0]?.[0]).toMatch(/^Failed: /);
  expect(told[0]?.[1]).toBe('No memory left.');
});

test('nobody is told what they see or did themselves', async () => {
  const { studio, session, told, unseen } = await hiddenStudio();
  await setTellEnds(studio, true);
  await compress(studio);
  expect(unseen()).toBeNull();
  const cancelled = await hiddenStudio({}, {}, 5);
  await setTellEnds(cancelled.studio, true);
  cancelled.turn('hidden');
  const done = compress(cancelled.studio);
  await until(() => cancelled.session().job.status === 'running');
  cancelJob(cancelled.studio);
  await done;
  expect(cancelled.unseen()).toBeNull();
  expect([...told, ...cancelled.told]).toEqual([]);
  expect(session().runs).toHaveLength(2);
});

test('a browser that does not allow notifications says so, and the title still tells', async () => {
  const { studio, told, turn, unseen, notice } = await hiddenStudio();
  studio.effects.askToTell = async () => false;
  await setTellEnds(studio, true);
  expect(studio.store.getState().tellEnds).toBe('blocked');
  expect(notice()).toContain('does not let this page notify');
  turn('hidden');
  await compress(studio);
  expect(unseen()).toMatch(/^Done: /);
  expect(told).toEqual([]);
});
