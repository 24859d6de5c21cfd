/**
 * Weighs what a browser fetches before a model is opened: the entry, its static imports and their
 * CSS, gzipped. Lazy chunks, workers and the runtime are not in it. Reads `dist` and its manifest.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const BUDGET_BYTES = 350_000;

/** @typedef {{ file: string, isEntry?: boolean, imports?: string[], css?: string[] }} Chunk */

/**
 * @param {Record<string, Chunk>} manifest as Vite writes it
 * @returns {string[]} the files of the first load, relative to `dist`
 * @throws {Error} if the manifest has no entry
 */
export function firstLoadFiles(manifest) {
  const entries = Object.keys(manifest).filter((key) => manifest[key]?.isEntry);
  if (entries.length === 0) throw new Error('The build has no entry.');
  const seen = new Set(entries);
  const files = new Set();
  for (const key of seen) {
    const chunk = manifest[key];
    if (!chunk) throw new Error(`The manifest names ${key} but does not describe it.`);
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    for (const imported of chunk.imports ?? []) seen.add(imported);
  }
  return [...files];
}

/** @returns {{ file: string, byteLength: number }[]} gzipped, largest first */
function weighFirstLoad() {
  const manifest = JSON.parse(readFileSync(join(DIST, '.vite/manifest.json'), 'utf8'));
  return firstLoadFiles(manifest)
    .map((file) => ({ file, byteLength: gzipSync(readFileSync(join(DIST, file))).length }))
    .sort((a, b) => b.byteLength - a.byteLength);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const files = weighFirstLoad();
  const total = files.reduce((sum, { byteLength }) => sum + byteLength, 0);
  for (const { file, byteLength } of files) console.log(`${kilobytes(byteLength)}  ${file}`);
  console.log(`${kilobytes(total)}  first load, gzipped; at most ${kilobytes(BUDGET_BYTES)}`);
  if (total > BUDGET_BYTES) process.exitCode = 1;
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
