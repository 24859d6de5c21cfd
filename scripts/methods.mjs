/**
 * `npm run methods`: what each method costs and keeps on a real model, in the production studio:
 * bytes, time to compress by phase, paired latency ratio on WASM, accuracy or perplexity, and KL to
 * the original with its 95 % interval over rows. All figures are the page's own.
 * `--sample=tiny-llama` another model; `--only=gptq,awq` methods whose name holds one of these;
 * `--target=wasm` another target; `--seed=2` another seed; `--pairs=20` timed pairs (0: no latency);
 * `--backends=wasm,webgpu` the second too; `--json=FILE` writes the rows;
 * `--port=4180` for a second run beside another; `--profile=3` prints
 * instead what matrix products take in the runtime's profile on WASM, original and output in turn,
 * beside the bytes of the matrices that it should be in proportion to.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { benchSamples } from './bench-samples.mjs';
import { launchOptions } from './chromium-args.mjs';
import { findChromium } from './find-chromium.mjs';
import { matrixPage } from './matrix/page.mjs';
import { profileHead, profileLine } from './methods/matrix-time.mjs';
import { METHODS } from './methods/recipes.mjs';
import { buildIfStale, serveStudio } from './studio.mjs';

/** @import { Matrix } from '../src/state/matrix-hook.ts' */
/** @import { Backend } from '../src/core/backend.ts' */
/** @typedef {Awaited<ReturnType<Matrix['cell']>>} Cell */

const CELL_TIMEOUT_MS = 1_800_000;
const TABLE_HEAD = [
  '| method | bytes | metric | KL (95 %) | latency ratio, WASM (95 %) | seconds by phase | notes |',
  '|---|---|---|---|---|---|---|',
].join('\n');

const { values: options } = parseArgs({
  options: {
    sample: { type: 'string', default: 'sentiment-minilm' },
    only: { type: 'string', default: '' },
    target: { type: 'string', default: 'webgpu' },
    pairs: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    backends: { type: 'string', default: 'wasm' },
    profile: { type: 'string', default: '0' },
    json: { type: 'string' },
    port: { type: 'string', default: '4177' },
  },
});

Object.assign(process.env, { CHROMIUM_PATH: findChromium() });
const sample = benchSamples().find(({ id }) => id === options.sample);
if (!sample) {
  const known = benchSamples().map(({ id }) => id);
  console.error(`No sample is named ${options.sample}; there are ${known.join(', ')}.`);
  process.exit(1);
}

await buildIfStale();
const server = await serveStudio({ port: Number(options.port) });
const browser = await chromium.launch(launchOptions());
const wanted = options.only.split(',');
const backends = /** @type {Backend[]} */ (options.backends.split(','));
const profiles = Number(options.profile);
const pairs = profiles > 0 ? 0 : Number(options.pairs);
const rows = [];
try {
  const origin = server.resolvedUrls?.local[0];
  const { matrix, choose } = await matrixPage(browser, origin, CELL_TIMEOUT_MS);
  await choose([...sample.files, ...sample.corpus]);
  await matrix.opened(null);
  console.log(profiles > 0 ? profileHead : TABLE_HEAD);
  for (const { name, steps } of METHODS) {
    if (!wanted.some((part) => name.includes(part))) continue;
    const recipe = {
      ...{ format: 'whittle-recipe', version: 1, name, target: options.target },
      seed: Number(options.seed),
      steps,
    };
    try {
      const cell = await matrix.cell(recipe, profiles === 0, pairs, backends, profiles);
      rows.push({ name, recipe, ...cell });
      if (options.json) writeFileSync(options.json, `${JSON.stringify(rows, null, 1)}\n`);
      console.log(profiles > 0 ? profileLine(name, cell) : lineOf(name, cell));
    } catch (error) {
      console.log(`| ${name} | – | – | – | – | – | ${wordsOf(error)} |`);
    }
  }
} finally {
  await browser.close();
  await server.close();
}

/**
 * @param {string} name
 * @param {Cell} cell
 */
function lineOf(name, { byteLength, accuracy, fidelity, measurements, phases, weights }) {
  const { klMean = null, klInterval = null } = fidelity ?? {};
  const kl = klMean === null ? '–' : klMean.toPrecision(4);
  const ratio = measurements.find(({ backend }) => backend === 'wasm')?.latency?.ratio ?? null;
  const failures = measurements.flatMap(({ backend, failure, truth }) => {
    const said = failure ?? truth?.failure ?? null;
    return said === null ? [] : [`${backend}: ${said}`];
  });
  const said = [...failures, ...notesOf(weights)];
  return [
    '',
    name,
    byteLength.toLocaleString('en'),
    accuracy ? `${accuracy.metric} ${accuracy.value.toFixed(4)}` : '–',
    klInterval ? `${kl} (${range(klInterval)})` : kl,
    ratio ? `${ratio.median.toFixed(3)} (${range(ratio.interval)})` : '–',
    phases.map((it) => `${it.name} ${(it.durationMs / 1000).toFixed(1)}`).join(', '),
    said.join('; '),
    '',
  ]
    .join(' | ')
    .trim();
}

/**
 * Notes that say the same but for their first number become one, with its range.
 * @param {Cell['weights']} weights
 */
function notesOf(weights) {
  /** @type {Map<string, number[]>} */
  const numbers = new Map();
  for (const { note } of weights) {
    if (!note) continue;
    const [number = ''] = note.match(/\d+(\.\d+)?/) ?? [];
    const words = note.replace(number, '#');
    numbers.set(words, [...(numbers.get(words) ?? []), Number(number)]);
  }
  return [...numbers].map(([words, of]) => {
    const [least, most] = [Math.min(...of), Math.max(...of)];
    return `${of.length} × ${words.replace('#', least === most ? `${least}` : `${least}–${most}`)}`;
  });
}

/** @param {{ low: number, high: number }} interval */
function range({ low, high }) {
  return `${low.toPrecision(3)}–${high.toPrecision(3)}`;
}

/** @param {unknown} error */
function wordsOf(error) {
  return String(error).split('\n')[0]?.slice(0, 200);
}
