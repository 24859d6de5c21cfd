import { expect, test } from 'vitest';
import { compress } from './compress.ts';
import { cancelJob } from './run-job.ts';
import { openedStudio, until } from './testing/open-studio.ts';
import { type ScreenHold, watchAwake } from './watch-awake.ts';

/** A page that can be hidden: the browser then takes its locks back. */
function fakePage(refuse = false) {
  const events = new EventTarget();
  const holds: { released: boolean }[] = [];
  const page = {
    visibilityState: 'visible' as DocumentVisibilityState,
    addEventListener: events.addEventListener.bind(events),
  };
  const lock = {
    asked: 0,
    async request(): Promise<ScreenHold> {
      lock.asked += 1;
      if (refuse) throw new DOMException('the battery is low', 'NotAllowedError');
      const hold = {
        released: false,
        async release() {
          hold.released = true;
        },
      };
      holds.push(hold);
      return hold;
    },
  };
  const turn = (state: DocumentVisibilityState) => {
    page.visibilityState = state;
    if (state === 'hidden') for (const hold of holds) hold.released = true;
    events.dispatchEvent(new Event('visibilitychange'));
  };
  return { page, lock, turn, held: () => holds.filter(({ released }) => !released).length };
}

test('the device stays awake while a job runs, and no longer', async () => {
  const { studio } = await openedStudio({}, {}, 5);
  const { page, lock, held } = fakePage();
  watchAwake(studio, page, lock);
  const done = compress(studio);
  await until(() => held() === 1);
  await done;
  await until(() => held() === 0);
  expect(lock.asked).toBe(1);
});

test('a cancelled job lets go, also while the browser is still asked', async () => {
  const { studio, session } = await openedStudio({}, {}, 5);
  const { page, lock, held } = fakePage();
  watchAwake(studio, page, lock);
  const done = compress(studio);
  await until(() => session().job.status === 'running');
  cancelJob(studio);
  await done;
  await until(() => lock.asked === 1 && held() === 0);
});

test('a tab that was hidden asks again when it is seen', async () => {
  const { studio } = await openedStudio({}, {}, 20);
  const { page, lock, turn, held } = fakePage();
  watchAwake(studio, page, lock);
  const done = compress(studio);
  await until(() => held() === 1);
  turn('hidden');
  expect(held()).toBe(0);
  turn('visible');
  await until(() => held() === 1);
  cancelJob(studio);
  await done;
  await until(() => held() === 0);
});

test('a refusal ends nothing and is not argued with', async () => {
  const { studio, session } = await openedStudio({}, {}, 5);
  const { page, lock } = fakePage(true);
  watchAwake(studio, page, lock);
  await compress(studio);
  expect(session().runs).toHaveLength(2);
  expect(lock.asked).toBe(1);
});

test('a browser without wake locks does without', async () => {
  const { studio, session } = await openedStudio();
  watchAwake(studio, fakePage().page, undefined);
  await compress(studio);
  expect(session().runs).toHaveLength(2);
});
