/** The versions that the page shows, as compile-time constants; `env.d.ts` declares them. */
import { readFileSync } from 'node:fs';

/** @param {string} path */
const versionIn = (path) =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')).version;

export const VERSION_CONSTANTS = {
  __APP_VERSION__: JSON.stringify(versionIn('../package.json')),
  __ORT_VERSION__: JSON.stringify(versionIn('../node_modules/onnxruntime-web/package.json')),
};
