/**
 * `npm run methods`: what each method costs and keeps on a real model, in the production studio:
 * bytes, time to compress by phase, paired latency ratio on WASM, accuracy or perplexity, and KL to
 * the original with its 95 % interval over rows. All figures are the page's own.
 * `--sample=tiny-llama` another model; `--only=gptq,awq` methods whose name holds one of these,
 * in this order;
 * `--target=wasm` another target than the method's own; `--seed=2` another seed; `--pairs=20` timed
 * pairs (0: no latency);
 * `--backends=wasm,webgpu` the second too; `--json=FILE` writes the rows;
 * `--port=4180` for a second run beside another; `--judge` asks ONNX's checker and ONNX Runtime in
 * Python for every output and row, beside the page; `--profile=3` prints
 * instead what matrix products take in the runtime's profile on WASM, original and output in turn,
 * beside the bytes of the matrices that it should be in proportion to.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { benchSamples } from './bench-samples.mjs';
import { launchOptions } from './chromium-args.mjs';
import { findChromium } from './find-chromium.mjs';
import { judgeEnv } from './judge-env.mjs';
import { StudioPage } from './matrix/studio-page.mjs';
import { figuresHead, figuresLine } from './methods/figures-line.mjs';
import { judgeOutput } from './methods/judge-output.mjs';
import { judgedHead, judgedLine } from './methods/judged-line.mjs';
import { profileHead, profileLine } from './methods/matrix-time.mjs';
import { METHODS, recipeOf } from './methods/recipes.mjs';
import { buildIfStale, serveStudio } from './studio.mjs';

/** @import { Backend } from '../src/core/backend.ts' */
/** @import { Method } from './methods/recipes.mjs' */

const CELL_TIMEOUT_MS = 1_800_000;

const { values: options } = parseArgs({
  options: {
    sample: { type: 'string', default: 'sentiment-minilm' },
    only: { type: 'string', default: '' },
    target: { type: 'string' },
    pairs: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    backends: { type: 'string', default: 'wasm' },
    profile: { type: 'string', default: '0' },
    judge: { type: 'boolean', default: false },
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
const env = options.judge ? judgeEnv() : null;
if (env && 'missing' in env) {
  console.error(`--judge needs the judge: ${env.missing}`);
  process.exit(1);
}
const python = env?.python;
const { files } = sample;

await buildIfStale();
const server = await serveStudio({ port: Number(options.port) });
const browser = await chromium.launch(launchOptions());
const studio = new StudioPage(browser, server.resolvedUrls?.local[0], CELL_TIMEOUT_MS);
const wanted = options.only.split(',');
const profiles = Number(options.profile);
const opened = [...files, ...sample.corpus];
/** @type {object[]} */
const rows = [];
/** Python looks at one output while the page makes the next. */
/** @type {Promise<void>[]} */
const beingJudged = [];
try {
  console.log(profiles > 0 ? profileHead : python ? judgedHead : figuresHead);
  for (const method of new Set(wanted.flatMap(named))) {
    try {
      await run(method);
    } catch (error) {
      console.log(`| ${method.name} | wrong: ${wordsOf(error)} |`);
      process.exitCode = 1;
      await Promise.all(beingJudged); // their files go with the page, which may be broken
      await studio.close();
    }
  }
  await Promise.all(beingJudged);
} finally {
  await browser.close();
  await server.close();
}

/** @param {string} part */
function named(part) {
  return METHODS.filter(({ name }) => name.includes(part));
}

/** @param {Method} method */
async function run(method) {
  const { name } = method;
  const { target, seed } = options;
  const recipe = recipeOf(method, { ...(target && { target }), seed: Number(seed) });
  await studio.open(opened);
  const { encodings, reasons } = await studio.plan(recipe);
  if (encodings.length === 0) {
    console.log(`| ${name} | does not apply: ${[...new Set(reasons)].join('; ')} |`);
    return;
  }
  const pairs = profiles > 0 ? 0 : Number(options.pairs);
  const backends = /** @type {Backend[]} */ (options.backends.split(','));
  const { cell, download } = await studio.cell(recipe, profiles === 0, pairs, backends, profiles);
  if (!python || profiles > 0) {
    await download.delete();
    keep({ name, recipe, ...cell });
    console.log(profiles > 0 ? profileLine(name, cell) : figuresLine(name, cell));
    return;
  }
  const judging = judgeOutput(python, files, cell, await download.path());
  beingJudged.push(
    judging.then(async (judged) => {
      await download.delete();
      keep({ name, recipe, ...cell, judged });
      console.log(judgedLine(name, recipe.target, cell, judged));
      if (judged.faults.length > 0) process.exitCode = 1;
    }),
  );
}

/** @param {object} row */
function keep(row) {
  rows.push(row);
  if (options.json) writeFileSync(options.json, `${JSON.stringify(rows, null, 1)}\n`);
}

/** @param {unknown} error */
function wordsOf(error) {
  return String(error).split('\n')[0]?.slice(0, 200);
}
