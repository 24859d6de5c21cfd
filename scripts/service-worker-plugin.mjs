/** Adds the service worker to a production build, with the list of what it keeps. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { listBuildFiles } from './offline-files.mjs';
import { PRODUCTION_HEADERS } from './security.mjs';

const SOURCE = fileURLToPath(new URL('../src/offline/service-worker.ts', import.meta.url));

/** @returns {import('vite').Plugin} */
export function serviceWorker() {
  /** @type {string} */
  let dist;
  /** @type {import('vite').ResolvedBuildOptions['target']} */
  let target = false;
  let entry = '';
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved: (config) => {
      dist = join(config.root, config.build.outDir);
      target = config.build.target;
    },
    writeBundle: (_, bundle) => {
      const page = Object.values(bundle).find((it) => it.type === 'chunk' && it.isEntry);
      entry = page?.fileName ?? '';
    },
    closeBundle: async () => {
      if (entry === '') return; // the build failed, and says so
      const files = listBuildFiles(dist, { entry, headers: PRODUCTION_HEADERS });
      await build({
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        define: { __BUILD_FILES__: JSON.stringify(files) },
        build: {
          outDir: dist,
          emptyOutDir: false,
          target,
          rolldownOptions: {
            input: SOURCE,
            // A classic script: not every browser takes modules here.
            output: { format: 'iife', entryFileNames: 'service-worker.js' },
          },
        },
      });
    },
  };
}
