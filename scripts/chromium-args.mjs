/**
 * How every tier starts Chromium: the same flags and the same way of looking for the program.
 * The software adapter is named, so that a machine with a GPU gives the same results.
 */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright';

const CHROMIUM_ARGS = [
  '--no-sandbox', // Chromium refuses to start as root with it
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  // A journey kills the GPU's process twice; without these the browser would then do without one.
  '--disable-gpu-process-crash-limit',
  '--disable-domain-blocking-for-3d-apis',
];

const SYSTEM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * The Chromium already on this machine: `CHROMIUM_PATH`, else Playwright's own, else the system's.
 * @returns {string | undefined}
 */
export function locateChromium() {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  return [chromium.executablePath(), ...SYSTEM_PATHS].find((path) => path && existsSync(path));
}

/** Playwright's launch options; without a Chromium, Playwright itself says that it is missing. */
export function launchOptions() {
  const executablePath = locateChromium();
  return { args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) };
}
