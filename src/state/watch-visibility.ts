import { loadKept } from './resume.ts';
import type { Studio } from './store.ts';

/**
 * Tells the engine when the page is hidden: times from a throttled tab are not kept. A start screen
 * that is seen again reads anew what is kept: another tab may have changed it.
 */
export function watchVisibility(studio: Studio, page: Document): void {
  page.addEventListener('visibilitychange', () => {
    const visible = page.visibilityState === 'visible';
    // A dead engine has no times to discard, so its refusal needs no answer.
    studio.engine.call('visible', [visible]).catch(() => undefined);
    if (visible && studio.store.getState().session === null) void loadKept(studio);
  });
}
