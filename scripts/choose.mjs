/**
 * `npm run choose`: chooses the settings of the preset "Even smaller, faster" on sentiment-minilm
 * by the rule of `methods/choice.mjs`, then evaluates what was chosen on the test rows, once, as it
 * is and with the vocabulary of the training texts. Until it is chosen the test rows are not opened:
 * candidates are calibrated on the calibration rows and compared on the last 500 rows of `train.csv`,
 * which the model was validated on and not trained on. `WHITTLE_SAMPLES` names the samples' folder.
 * `--pairs=100` timed pairs; `--json=FILE` writes all figures; `--port=4180` for a second run beside
 * another.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import Papa from 'papaparse';
import { chromium } from 'playwright';
import { benchSamples } from './bench-samples.mjs';
import { launchOptions } from './chromium-args.mjs';
import { findChromium } from './find-chromium.mjs';
import { matrixPage } from './matrix/page.mjs';
import { BOUNDS, CANDIDATES, choose, fits } from './methods/choice.mjs';
import { hybridSteps, recipeOf, VOCABULARY } from './methods/recipes.mjs';
import { buildIfStale, serveStudio } from './studio.mjs';

/** @import { Matrix } from '../src/state/matrix-hook.ts' */
/** @import { HybridSettings } from './methods/recipes.mjs' */
/** @typedef {Awaited<ReturnType<Matrix['cell']>>} Cell */

const SAMPLE = 'sentiment-minilm';
const HELD_BACK_ROWS = 500;
const ON_WASM = { target: 'wasm' };
const CELL_TIMEOUT_MS = 1_800_000;
const TABLE_HEAD = [
  '| settings | bytes | of the original | latency ratio (95 %) | KL (95 %) | accuracy (to the original) |',
  '|---|---|---|---|---|---|',
].join('\n');

const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: '100' },
    json: { type: 'string' },
    port: { type: 'string', default: '4179' },
  },
});
const pairs = Number(options.pairs);

Object.assign(process.env, { CHROMIUM_PATH: findChromium() });
const sample = benchSamples().find(({ id }) => id === SAMPLE);
const [trainRows] = sample?.corpus ?? [];
const model = sample?.files.find((path) => path.endsWith('.onnx'));
if (!sample || !trainRows || !model) {
  console.error(`No ${SAMPLE} with train.csv: WHITTLE_SAMPLES has to name the folder that has it.`);
  process.exit(1);
}
const originalBytes = statSync(model).size;
const scratch = mkdtempSync(join(tmpdir(), 'whittle-choice-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

await buildIfStale();
const server = await serveStudio({ port: Number(options.port) });
const browser = await chromium.launch(launchOptions());
try {
  const unseen = sample.files.filter((path) => !basename(path).startsWith('test'));
  const candidates = await tried([...unseen, heldBack(trainRows)]);
  const choice = choose(candidates, originalBytes);
  const name = choice && wordsOf(choice.found.settings);
  const chosen = choice?.settled ? choice.found.settings : null;
  write({ candidates, chosen });
  if (chosen) {
    console.log(`\nChosen: ${name}. On the test rows:\n${TABLE_HEAD}`);
    const evaluated = await evaluatedOnce(chosen, [...sample.files, ...sample.corpus]);
    write({ candidates, chosen, evaluated });
  } else {
    console.error(
      choice
        ? `\nNothing is chosen: whether ${name} keeps to a ratio of ${BOUNDS.ratio} takes a quieter machine to tell.`
        : '\nNo candidate keeps to both bounds.',
    );
    process.exitCode = 1;
  }
} finally {
  await browser.close();
  await server.close();
}

/**
 * The last rows of the training file, in a file of their own that is measured on.
 * @param {string} path
 */
function heldBack(path) {
  /** @type {Papa.ParseResult<Record<string, string>>} */
  const { data: rows } = Papa.parse(readFileSync(path, 'utf8'), {
    header: true,
    skipEmptyLines: true,
  });
  const own = join(scratch, 'validation.csv');
  writeFileSync(own, Papa.unparse(rows.slice(-HELD_BACK_ROWS)));
  return own;
}

/** @param {string[]} files */
async function tried(files) {
  const { context, matrix } = await opened(files);
  console.log(`On ${HELD_BACK_ROWS} held-back rows:\n${TABLE_HEAD}`);
  const candidates = [];
  for (const settings of CANDIDATES) {
    const recipe = recipeOf({ name: wordsOf(settings), steps: hybridSteps(settings) }, ON_WASM);
    const { byteLength } = await matrix.plan(recipe);
    const cell = fits(byteLength, originalBytes) ? await measured(matrix, recipe) : null;
    console.log(
      cell ? lineOf(recipe.name, cell) : `| ${recipe.name} | ${bytesOf(byteLength)} | not run ||||`,
    );
    candidates.push({ settings, byteLength, klMean: null, ratio: null, ...figuresOf(cell) });
  }
  await context.close();
  return candidates;
}

/**
 * @param {HybridSettings} settings
 * @param {string[]} files
 */
async function evaluatedOnce(settings, files) {
  const { matrix } = await opened(files);
  const steps = hybridSteps(settings);
  const evaluated = [];
  for (const method of [
    { name: 'hybrid', steps },
    { name: 'hybrid + vocabulary', steps: [VOCABULARY, ...steps] },
  ]) {
    const recipe = recipeOf(method, ON_WASM);
    const cell = await measured(matrix, recipe);
    console.log(lineOf(recipe.name, cell));
    evaluated.push({ recipe, byteLength: cell.byteLength, ...figuresOf(cell) });
  }
  return evaluated;
}

/** @param {string[]} files */
async function opened(files) {
  const origin = server.resolvedUrls?.local[0];
  const { context, matrix, choose: give } = await matrixPage(browser, origin, CELL_TIMEOUT_MS);
  await give(files);
  await matrix.opened(null);
  return { context, matrix };
}

/**
 * @param {Matrix} matrix
 * @param {ReturnType<typeof recipeOf>} recipe
 */
async function measured(matrix, recipe) {
  const cell = await matrix.cell(recipe, true, pairs, ['wasm']);
  const [on] = cell.measurements;
  const failure = on?.failure ?? on?.truth?.failure;
  const wrong = failure ?? (cell.partial ? 'weights failed' : null);
  if (wrong !== null || !on?.latency?.ratio) {
    throw new Error(`${recipe.name}: ${wrong ?? 'not timed'}`);
  }
  return cell;
}

/** @param {Cell | null} cell */
function figuresOf(cell) {
  if (!cell) return {};
  const { byteLength, accuracy, fidelity, measurements } = cell;
  const latency = measurements[0]?.latency ?? null;
  const { klMean = null, klInterval = null } = fidelity ?? {};
  return {
    byteLength,
    klMean,
    klInterval,
    ratio: latency?.ratio?.interval ?? null,
    latency,
    accuracy,
  };
}

/**
 * @param {string} name
 * @param {Cell} cell
 */
function lineOf(name, cell) {
  const { klMean, klInterval, latency, accuracy } = figuresOf(cell);
  const ratio = latency?.ratio;
  const difference = accuracy?.difference?.value;
  return [
    ...['', name, bytesOf(cell.byteLength), (cell.byteLength / originalBytes).toFixed(4)],
    ratio ? `${ratio.median.toFixed(3)} (${range(ratio.interval)})` : '–',
    klMean && klInterval ? `${klMean.toFixed(4)} (${range(klInterval)})` : '–',
    accuracy && difference !== undefined
      ? `${accuracy.value.toFixed(4)} (${difference.toFixed(4)})`
      : '–',
    '',
  ]
    .join(' | ')
    .trim();
}

/** @param {HybridSettings} settings */
function wordsOf({ neurons, heads, tableBits, symmetric }) {
  const kept = `neurons −${100 * neurons} %, heads −${100 * heads} %, tables ${tableBits} bits`;
  return `${kept}, ${symmetric ? 'symmetric' : 'zero points'}`;
}

/** @param {number} byteLength */
function bytesOf(byteLength) {
  return byteLength.toLocaleString('en');
}

/** @param {{ low: number, high: number }} interval */
function range({ low, high }) {
  return `${low.toFixed(4)}–${high.toFixed(4)}`;
}

/** @param {object} figures */
function write(figures) {
  if (!options.json) return;
  const { bytes, ratio } = BOUNDS;
  const all = { originalBytes, bounds: { bytes, ratio }, ...figures };
  writeFileSync(options.json, `${JSON.stringify(all, null, 1)}\n`);
}
