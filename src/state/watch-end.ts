import type { Job } from './state.ts';
import { notify, type Studio } from './store.ts';

type Ended = Exclude<Job['status'], 'running'>;

const WORDS: Readonly<Record<Ended, string>> = {
  idle: 'Done',
  asking: 'Paused',
  failed: 'Failed',
};

/**
 * A job that ends in a hidden tab is told: by the tab's title until the tab is seen, and by a
 * notification if the person asked for one.
 */
export function watchEnd(
  studio: Studio,
  page: Pick<Document, 'visibilityState' | 'addEventListener'>,
): void {
  const { store, effects } = studio;
  let before = store.getState().session?.job ?? null;
  store.subscribe(({ session }) => {
    const job = session?.job ?? null;
    const was = before;
    before = job;
    const ended = was?.status === 'running' && job && job.status !== 'running' ? job.status : null;
    if (was?.status !== 'running' || !ended) return;
    // Who cancels is there, and a baseline begins by itself: neither is news.
    if (was.cancelling || was.task.kind === 'baseline' || page.visibilityState === 'visible')
      return;
    const title = `${WORDS[ended]}: ${was.task.name}`;
    store.setState({ unseenEnd: title });
    // The sentence for the status line comes right after the job's end.
    queueMicrotask(() => {
      const { tellEnds, notice } = store.getState();
      if (tellEnds === 'on') effects.tell(title, notice.text);
    });
  });
  page.addEventListener('visibilitychange', () => {
    if (page.visibilityState === 'visible') store.setState({ unseenEnd: null });
  });
}

/** Turns notifications on or off; the browser asks the person before the first. */
export async function setTellEnds(studio: Studio, on: boolean): Promise<void> {
  const { store, effects } = studio;
  if (!on) {
    store.setState({ tellEnds: 'off' });
    return;
  }
  const allowed = await effects.askToTell();
  store.setState({ tellEnds: allowed ? 'on' : 'blocked' });
  if (!allowed) {
    notify(studio, 'warn', 'The browser does not let this page notify. The tab’s title will tell.');
  }
}
