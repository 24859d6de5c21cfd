/**
 * `npm run bench`: how long each phase takes, in the production studio in a real browser.
 * `npm run bench -- --sample=digits --json=bench.json`; without `--sample`, every sample there is.
 *
 * The page is driven through its file input "Open model" and one hook: with `#bench` in its address
 * it sets `globalThis.whittleBench`, which waits for the model to be open, does every phase once to
 * warm it and once to time it, and gives the figures. `BenchRequest` and `BenchResult` are its
 * contract. Figures of a software adapter say nothing about a GPU, and the output says so.
 */

import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { benchSamples } from './bench-samples.mjs';
import { launchOptions } from './chromium-args.mjs';
import { findChromium } from './find-chromium.mjs';
import { buildIfStale, serveStudio } from './studio.mjs';

/**
 * @typedef {{ sample: string }} BenchRequest the sample whose files have been given to the page
 * @typedef {{ vendor: string, architecture: string, description: string, isFallbackAdapter: boolean }} Adapter
 * @typedef {{ name: string, milliseconds: number, elements?: number, bytes?: number }} Phase
 *   `elements`, `bytes`: what the phase went through, for its rates
 * @typedef {{ adapter: Adapter | null, phases: Phase[] }} BenchResult
 * @typedef {{ sample: string } & BenchResult} Row
 */

const HOOK_TIMEOUT_MS = 600_000;
const QUIET_LOAD = 0.5;

const { values: options } = parseArgs({
  options: { sample: { type: 'string' }, json: { type: 'string' } },
});

Object.assign(process.env, { CHROMIUM_PATH: findChromium() });
const chosen = benchSamples().filter(({ id }) => !options.sample || id === options.sample);
if (chosen.length === 0) {
  const known = benchSamples().map(({ id }) => id);
  console.error(`No sample is named ${options.sample}; there are ${known.join(', ')}.`);
  process.exit(1);
}

const load = loadavg()[0] ?? 0;
if (load > QUIET_LOAD)
  console.warn(
    `This machine is busy (load ${load.toFixed(2)} on ${cpus().length} cores): the figures are too high.`,
  );

await buildIfStale();
const server = await serveStudio({ port: 4175 });
const browser = await chromium.launch(launchOptions());
try {
  const origin = server.resolvedUrls?.local[0];
  if (!origin) throw new Error('The studio is not being served.');
  /** @type {Row[]} */
  const rows = [];
  for (const { id, files } of chosen)
    rows.push({ sample: id, ...(await measure(origin, id, files)) });
  const machine = {
    node: process.version,
    chromium: browser.version(),
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    load,
  };
  print(machine, rows);
  if (options.json) writeFileSync(options.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
} finally {
  await browser.close();
  await server.close();
}

/**
 * One sample in a fresh page, so that no sample finds another's pipelines or memory.
 * @param {string} origin
 * @param {string} sample
 * @param {string[]} files
 * @returns {Promise<BenchResult>}
 */
async function measure(origin, sample, files) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(HOOK_TIMEOUT_MS);
    page.on('pageerror', (error) => console.error(`The page failed: ${error.message}`));
    await page.goto(`${origin}#bench`);
    await page.waitForFunction('typeof globalThis.whittleBench === "function"', undefined, {
      timeout: 30_000,
    });
    await page
      .getByLabel('Open model', { exact: true })
      .and(page.locator('input[type=file]'))
      .setInputFiles(files);
    /** @type {BenchRequest} */
    const request = { sample };
    return await page.evaluate((/** @type {BenchRequest} */ given) => {
      const { whittleBench } =
        /** @type {{ whittleBench?: (request: BenchRequest) => Promise<BenchResult> }} */ (
          /** @type {unknown} */ (globalThis)
        );
      if (!whittleBench) throw new Error('The hook is gone.');
      return whittleBench(given);
    }, request);
  } finally {
    await context.close();
  }
}

/**
 * @param {Record<string, string | number>} machine
 * @param {Row[]} rows
 */
function print(machine, rows) {
  console.log(
    Object.entries(machine)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  );
  for (const { sample, adapter, phases } of rows) {
    const name = adapter
      ? `${adapter.vendor} ${adapter.architecture} ${adapter.description}`.trim()
      : 'no WebGPU adapter';
    const software = adapter?.isFallbackAdapter ? ' (software: says nothing about a GPU)' : '';
    console.log(`\n${sample} on ${name}${software}`);
    console.table(
      Object.fromEntries(
        phases.map(({ name, milliseconds, elements, bytes }) => [
          name,
          {
            ms: Number(milliseconds.toFixed(1)),
            'M elements/s': rate(elements, milliseconds),
            'MB/s': rate(bytes, milliseconds),
          },
        ]),
      ),
    );
  }
}

/**
 * Millions a second, from a count and milliseconds.
 * @param {number | undefined} count
 * @param {number} milliseconds
 */
function rate(count, milliseconds) {
  return count === undefined ? '' : Number((count / 1000 / milliseconds).toFixed(1));
}
