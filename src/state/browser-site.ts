import type { Site } from './hosting.ts';
import { firstInTab } from './notes.ts';

/** A press, a key, or files over the window, which may be dropped next. */
const TOUCHES = ['pointerdown', 'keydown', 'dragenter'] as const;

/** The site that this page is on, as its browser sees it. */
export function browserSite(): Site {
  const { serviceWorker, connection } = navigator as Partial<Navigator> & {
    readonly connection?: { readonly saveData?: boolean };
  };
  let touched = false;
  const touch = () => {
    touched = true;
  };
  for (const type of TOUCHES) addEventListener(type, touch, { once: true, capture: true });
  return {
    isolated: globalThis.crossOriginIsolated,
    secure: globalThis.isSecureContext,
    savesData: connection?.saveData ?? false,
    untouched: () => !touched,
    firstReload: () => firstInTab('reloaded for isolation'),
    reload: () => location.reload(),
    workers: serviceWorker
      ? {
          get controller() {
            return serviceWorker.controller;
          },
          register: () =>
            serviceWorker.register(new URL('service-worker.js', document.baseURI), {
              updateViaCache: 'none',
            }),
          addEventListener: serviceWorker.addEventListener.bind(serviceWorker),
        }
      : null,
  };
}
