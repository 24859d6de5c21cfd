/** Whether the browser promised to keep what is kept here when the disk runs short. */
import { notify, type Studio } from './store.ts';

export async function loadPersisted({ store, effects }: Studio): Promise<void> {
  store.setState({ persisted: await effects.persisted() });
}

/** Asks for the promise without a word about the answer. */
export async function persistQuietly({ store, effects }: Studio): Promise<void> {
  store.setState({ persisted: await effects.persist() });
}

/** Asks for the promise; the browser may ask the person, or decide by how the page is used. */
export async function askToPersist(studio: Studio): Promise<void> {
  await persistQuietly(studio);
  if (studio.store.getState().persisted)
    notify(studio, 'good', 'The browser keeps it until you delete it.');
  else {
    notify(
      studio,
      'warn',
      'The browser did not promise it. It does for pages that are bookmarked or often used.',
    );
  }
}
