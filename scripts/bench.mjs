/**
 * `npm run bench`: how long each phase takes, in the production studio in a real browser.
 * `npm run bench -- --sample=digits --json=bench.json`; without `--sample`, every sample there is,
 * and after them models of 10 MB to 1 GB: does time grow with size, and memory not?
 * `npm run bench -- --growth` is these alone.
 *
 * The page is driven through its file input "Open model" and one hook: with `#bench` in its address
 * it sets `globalThis.whittleBench`, which waits for the model to be open, does every phase once to
 * warm it and once to time it, and gives the figures (`src/state/bench-hook.ts`). Beside it, in the
 * same run, the peer: ONNX Runtime's own `MatMulNBitsQuantizer` in Python on the same file. Figures
 * of a software adapter say nothing about a GPU, and the output says so.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { benchSamples } from './bench-samples.mjs';
import { launchOptions } from './chromium-args.mjs';
import { findChromium } from './find-chromium.mjs';
import { judgeEnv } from './judge-env.mjs';
import { makeLargeModel } from './make-large-model.mjs';
import { watchMemory } from './process-memory.mjs';
import { buildIfStale, serveStudio } from './studio.mjs';

/**
 * @typedef {{ name: string, durationMs: number, elements?: number, bytes?: number, flop?: number }} Phase
 *   `elements`, `bytes`, `flop`: what the phase went through, for its rates
 * @typedef {{ adapter: string, software: boolean, recipe: string, byteLength: number, phases: Phase[] }} BenchResult
 * @typedef {{ load: number, quantize: number, save: number, total: number }} Peer milliseconds
 * @typedef {{ sample: string, peer: Peer | null } & BenchResult} Row
 * @typedef {{ bytes: number, openMs: number, compressMs: number, peaks: Record<string, number> }} Growth
 *   `bytes`: of the model; `peaks`: resident bytes at most, by kind of process
 */

const HOOK_TIMEOUT_MS = 600_000;
const QUIET_LOAD = 0.5;
const GROWTH_BYTES = [1e7, 1e8, 1e9];
const GROWTH_WEIGHT_BYTES = 5e6;

const { values: options } = parseArgs({
  options: {
    sample: { type: 'string' },
    json: { type: 'string' },
    growth: { type: 'boolean', default: false },
  },
});

Object.assign(process.env, { CHROMIUM_PATH: findChromium() });
const chosen = benchSamples().filter(
  ({ id }) => !options.growth && (!options.sample || id === options.sample),
);
if (chosen.length === 0 && !options.growth) {
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
  for (const { id, files } of chosen) {
    const result = await measure(browser, origin, files);
    rows.push({ sample: id, peer: peerTime(files), ...result });
  }
  const machine = {
    node: process.version,
    chromium: browser.version(),
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    load,
  };
  print(machine, rows);
  const growth = options.sample ? [] : await measureGrowth(origin);
  printGrowth(growth);
  if (options.json) {
    writeFileSync(options.json, `${JSON.stringify({ machine, rows, growth }, null, 2)}\n`);
  }
} finally {
  await browser.close();
  await server.close();
}

/**
 * One sample in a fresh page, so that no sample finds another's pipelines or memory.
 * @param {import('playwright').Browser} own
 * @param {string} origin
 * @param {string[]} files
 * @returns {Promise<BenchResult>}
 */
async function measure(own, origin, files) {
  const context = await own.newContext({ serviceWorkers: 'block' });
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
    return await page.evaluate(() => {
      const { whittleBench } = /** @type {{ whittleBench?: () => Promise<BenchResult> }} */ (
        /** @type {unknown} */ (globalThis)
      );
      if (!whittleBench) throw new Error('The hook is gone.');
      return whittleBench();
    });
  } finally {
    await context.close();
  }
}

/**
 * The same recipe on models that differ in how many equal weights they have, each in a fresh
 * browser, whose memory nothing has grown yet.
 * @param {string} origin
 * @returns {Promise<Growth[]>}
 */
async function measureGrowth(origin) {
  /** @type {Growth[]} */
  const growth = [];
  for (const bytes of GROWTH_BYTES) {
    const folder = mkdtempSync(join(tmpdir(), 'whittle-growth-'));
    const own = await chromium.launch(launchOptions());
    try {
      const tensors = Math.round(bytes / GROWTH_WEIGHT_BYTES);
      const { paths, byteLength } = makeLargeModel(folder, { bytes, tensors, files: 2 });
      const end = await watchMemory(own);
      const { phases } = await measure(own, origin, paths);
      const msOf = (/** @type {string} */ phase) =>
        phases.find(({ name }) => name === phase)?.durationMs ?? Number.NaN;
      const [openMs, compressMs] = [msOf('open'), msOf('compress, all phases')];
      growth.push({ bytes: byteLength, openMs, compressMs, peaks: await end() });
    } finally {
      await own.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return growth;
}

/** @param {Growth[]} growth */
function printGrowth(growth) {
  if (growth.length === 0) return;
  console.log('\nGrowth with the size of the model, peak resident memory of each kind of process');
  console.table(
    Object.fromEntries(
      growth.map(({ bytes, openMs, compressMs, peaks }) => [
        `${(bytes / 1e6).toFixed(0)} MB`,
        {
          'open ms': Number(openMs.toFixed(0)),
          'compress ms': Number(compressMs.toFixed(0)),
          'compress ms/MB': Number(((compressMs * 1e6) / bytes).toFixed(2)),
          'renderer MB': megabytes(peaks['renderer']),
          'GPU process MB': megabytes(peaks['GPU']),
          'browser MB': megabytes(peaks['browser']),
        },
      ]),
    ),
  );
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
  for (const { sample, adapter, software, recipe, byteLength, phases, peer } of rows) {
    const note = software ? ' (software: says nothing about a GPU)' : '';
    console.log(`\n${sample}, ${recipe}, ${byteLength} B, on ${adapter}${note}`);
    console.table(tableOf(phases.filter(isOfRecipe)));
    const own = phases.find(({ name }) => name === 'compress, all phases');
    if (!peer || !own) continue;
    const ratio = (own.durationMs / peer.total).toFixed(2);
    console.log(
      `ONNX Runtime's MatMulNBitsQuantizer (4 bit, load to save): ${peer.total.toFixed(0)} ms; Whittle takes ${ratio} of it`,
    );
  }
  const others = rows[0]?.phases.filter((phase) => !isOfRecipe(phase)) ?? [];
  if (others.length === 0) return;
  console.log('\nThe other kernels and variants, on values of their own');
  console.table(tableOf(others));
}

/** Kernels that the recipe does not use are timed on the same values for every sample. @param {Phase} phase */
function isOfRecipe({ name }) {
  return !name.startsWith('kernel ') || /^kernel (ranges|parameters|codes|sums)$/.test(name);
}

/**
 * The peer's time on the same file, the second of two runs; null without Python.
 * @param {string[]} files
 * @returns {Peer | null}
 */
function peerTime(files) {
  const model = files.find((file) => file.endsWith('.onnx'));
  const env = judgeEnv();
  if (!model || 'missing' in env) return null;
  const script = fileURLToPath(new URL('../judge/quantizer_time.py', import.meta.url));
  const scratch = mkdtempSync(join(tmpdir(), 'whittle-bench-'));
  try {
    const time = () =>
      JSON.parse(
        execFileSync(env.python, [script, model, join(scratch, 'model.onnx')], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      );
    time();
    return time();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {number | undefined} bytes */
function megabytes(bytes) {
  return bytes === undefined ? 'not measured' : Math.round(bytes / 1e6);
}

/** @param {Phase[]} phases */
function tableOf(phases) {
  return Object.fromEntries(
    phases.map(({ name, durationMs, elements, bytes, flop }) => [
      name,
      {
        ms: Number(durationMs.toFixed(1)),
        'M elements/s': rate(elements, durationMs),
        'MB/s': rate(bytes, durationMs),
        'GFLOP/s': flop === undefined ? '' : Number((flop / 1e6 / durationMs).toFixed(2)),
      },
    ]),
  );
}

/**
 * Millions a second, from a count and milliseconds.
 * @param {number | undefined} count
 * @param {number} milliseconds
 */
function rate(count, milliseconds) {
  return count === undefined ? '' : Number((count / 1000 / milliseconds).toFixed(1));
}
