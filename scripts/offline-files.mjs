/** Lists what the service worker keeps, from a finished build. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';

/** @import { BuildFiles } from '../src/offline/build-files.ts' */

/** Not part of the page: what tools and hosts read, and the service worker itself. */
const LEFT_OUT = /^(\.|_headers$|service-worker\.js$)/;
/** Kept when the page is at rest: 50 MB that it does not start with. */
const LATER = /\.wasm$|^samples\/(?!index\.json$)/;

/**
 * @param {string} dist the folder of the build
 * @param {{ entry: string, headers: Record<string, string> }} page its script, relative to `dist`
 * @returns {BuildFiles}
 */
export function listBuildFiles(dist, { entry, headers }) {
  const paths = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((found) => found.isFile())
    .map((found) => join(found.parentPath, found.name).slice(dist.length + 1))
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !LEFT_OUT.test(path))
    .sort();
  const describe = (/** @type {string} */ path) => {
    const content = readFileSync(join(dist, path));
    const isPage = path === 'index.html';
    return {
      path: isPage ? './' : path,
      version: digest(content, JSON.stringify(headers)).toString('hex').slice(0, 16),
      integrity: isPage ? null : `sha256-${digest(content).toString('base64')}`,
    };
  };
  const byteLength = (/** @type {string} */ path) => statSync(join(dist, path)).size;
  return {
    shell: paths.filter((path) => !LATER.test(path)).map(describe),
    later: paths
      .filter((path) => LATER.test(path))
      .sort((a, b) => byteLength(a) - byteLength(b)) // the samples first
      .map(describe),
    entry,
    headers,
  };
}

/** @param {(Buffer | string)[]} parts */
function digest(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
