import type { Studio } from './store.ts';

/** Tells the engine when the page is hidden: times from a throttled tab are not kept. */
export function watchVisibility({ engine }: Studio, page: Document): void {
  page.addEventListener('visibilitychange', () => {
    // A dead engine has no times to discard, so its refusal needs no answer.
    engine.call('visible', [page.visibilityState === 'visible']).catch(() => undefined);
  });
}
