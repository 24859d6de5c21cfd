/** The composition root: workers, clients, store, page. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from './bridge/client.ts';
import type { DeskCalls, EngineCalls } from './bridge/protocol.ts';
import { assert } from './core/assert.ts';
import { bench } from './state/bench-hook.ts';
import { browserSite } from './state/browser-site.ts';
import { copyText } from './state/copy-text.ts';
import { watchHosting } from './state/hosting.ts';
import { watchKept } from './state/keep.ts';
import { watchPair } from './state/look-at-rows.ts';
import { matrixOf } from './state/matrix-hook.ts';
import { forget, recall, remember } from './state/notes.ts';
import { askToTell, tell } from './state/notifications.ts';
import { openAddress, openFragment } from './state/open-address.ts';
import { loadPersisted } from './state/persist.ts';
import { probeDevice } from './state/probe-device.ts';
import { restartingClient } from './state/restarting-client.ts';
import { loadKept } from './state/resume.ts';
import { loadSamples } from './state/samples.ts';
import { saveFile } from './state/save-file.ts';
import { createState, type Studio } from './state/store.ts';
import { watchAwake } from './state/watch-awake.ts';
import { watchEnd } from './state/watch-end.ts';
import { watchMatching } from './state/watch-matching.ts';
import { watchTrying } from './state/watch-trying.ts';
import { watchVisibility } from './state/watch-visibility.ts';
import { watchValues } from './state/weight-values.ts';
import { App } from './ui/app.tsx';

/** `?threads=1` measures WASM with that many threads; else with all cores, at most eight. */
const threads = new URLSearchParams(location.search).get('threads');
const engineName = threads === null ? 'engine' : `engine threads=${threads}`;

const studio: Studio = {
  store: createState(),
  desk: connect<DeskCalls>(
    new Worker(new URL('./desk/worker.ts', import.meta.url), { type: 'module', name: 'desk' }),
  ),
  engine: restartingClient<EngineCalls>(
    () =>
      new Worker(new URL('./engine/worker.ts', import.meta.url), {
        type: 'module',
        name: engineName,
      }),
  ),
  effects: {
    fetchJson: async (path) => (await fetch(new URL(path, document.baseURI))).json(),
    save: saveFile,
    now: () => new Date(),
    ...{ recall, remember, forget },
    persist: async () => (await navigator.storage?.persist?.()) ?? false,
    persisted: async () => (await navigator.storage?.persisted?.()) ?? null,
    ...{ askToTell, tell },
    copy: copyText,
    pageAddress: () => location.origin + location.pathname,
    leaveLink: () => history.replaceState(null, '', location.pathname),
  },
};

const root = document.getElementById('root');
assert(root, 'index.html has #root');
createRoot(root).render(
  <StrictMode>
    <App studio={studio} />
  </StrictMode>,
);

watchVisibility(studio, document);
watchEnd(studio, document);
watchAwake(studio, document, navigator.wakeLock);
void probeDevice(studio);
void loadSamples(studio);
void loadKept(studio);
void loadPersisted(studio);
watchKept(studio);
watchValues(studio);
if (import.meta.env.PROD) void watchHosting(studio, browserSite());
watchPair(studio);
watchTrying(studio);
watchMatching(studio);
void openAddress(studio, new URL(location.href));
window.addEventListener('hashchange', () => openFragment(studio, location.hash));

if (location.hash === '#bench') {
  Object.assign(globalThis, {
    whittleBench: () => bench(studio),
    whittleMatrix: matrixOf(studio),
  });
}
