/**
 * Finds a Chromium, or installs Debian's where that is possible.
 * As a command it prints the path: `node scripts/find-chromium.mjs`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { canInstall, installPackages } from './apt.mjs';
import { locateChromium } from './chromium-args.mjs';

/**
 * The path of a Chromium that starts.
 * @returns {string}
 * @throws {Error} one sentence, if there is none and none can be installed
 */
export function findChromium() {
  const found = locateChromium();
  if (found) return checked(found);
  if (!canInstall())
    throw new Error(
      'No Chromium found: set CHROMIUM_PATH, or run `npx playwright install chromium`.',
    );
  installPackages(['chromium']);
  return checked('/usr/bin/chromium');
}

/** @param {string} path */
function checked(path) {
  if (!existsSync(path)) throw new Error(`No Chromium at ${path}: correct CHROMIUM_PATH.`);
  const { status, error } = spawnSync(path, ['--version'], { stdio: 'ignore' });
  if (status !== 0)
    throw new Error(`Chromium at ${path} does not start: ${error?.message ?? `exit ${status}`}.`);
  return path;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    console.log(findChromium());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
