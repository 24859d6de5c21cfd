/** The composition root: workers, clients, store, page. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from './bridge/client.ts';
import type { DeskCalls, EngineCalls } from './bridge/protocol.ts';
import { assert } from './core/assert.ts';
import { probeDevice } from './state/probe-device.ts';
import { restartingClient } from './state/restarting-client.ts';
import { loadSamples } from './state/samples.ts';
import { saveFile } from './state/save-file.ts';
import { createState, type Studio } from './state/store.ts';
import { watchVisibility } from './state/watch-visibility.ts';
import { App } from './ui/app.tsx';

const studio: Studio = {
  store: createState(),
  desk: connect<DeskCalls>(
    new Worker(new URL('./desk/worker.ts', import.meta.url), { type: 'module', name: 'desk' }),
  ),
  engine: restartingClient<EngineCalls>(
    () =>
      new Worker(new URL('./engine/worker.ts', import.meta.url), {
        type: 'module',
        name: 'engine',
      }),
  ),
  effects: {
    fetchJson: async (path) => (await fetch(new URL(path, document.baseURI))).json(),
    save: saveFile,
    now: () => new Date(),
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
void probeDevice(studio);
void loadSamples(studio);
