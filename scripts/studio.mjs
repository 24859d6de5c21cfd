/** The production studio on a local port: built if the sources are newer, served with its headers. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = [
  ...['src', 'shaders', 'public', 'scripts'],
  ...['index.html', 'vite.config.ts', 'package-lock.json'],
];

/** Builds unless `dist` is newer than everything it is made of. */
export async function buildIfStale() {
  if (newest('dist/index.html') > Math.max(...SOURCES.map(newest))) return;
  await build({ root: ROOT, logLevel: 'warn' });
}

/**
 * @param {{ port: number, strictPort?: boolean }} options
 * @returns the running server; `resolvedUrls` says where
 */
export const serveStudio = ({ port, strictPort = false }) =>
  preview({ root: ROOT, preview: { port, strictPort } });

/**
 * When a file, or the youngest file below a folder, was last changed; 0 if there is none.
 * @param {string} path relative to the root
 */
function newest(path) {
  const full = join(ROOT, path);
  const stat = statSync(full, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  const entries = readdirSync(full, { recursive: true, encoding: 'utf8' });
  // The folders' own times tell of files that were removed.
  return Math.max(stat.mtimeMs, ...entries.map((entry) => statSync(join(full, entry)).mtimeMs));
}
