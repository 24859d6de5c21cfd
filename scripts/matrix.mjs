/**
 * `npm run matrix`: every recipe × target × model of `matrix/cells.mjs` in the production studio:
 * compressed by the engine, as long as planned, accepted by ONNX's checker, loaded by ONNX Runtime
 * in Python, and true on both backends of the page. A cell in which no weight can be compressed is
 * skipped with the reason; one whose backends disagree is wrong, and tried once more in a new page to
 * tell what that gives. `--cover` runs the fewest cells that have every encoding of every
 * operator for every target in them; `--only=TEXT` those whose name holds it; `--list` only says
 * which; `--json=FILE` writes the outcomes.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { launchOptions } from './chromium-args.mjs';
import { findChromium } from './find-chromium.mjs';
import { judgeEnv } from './judge-env.mjs';
import { RECIPES, recipeOf, TARGETS } from './matrix/cells.mjs';
import { covering, kindOf } from './matrix/covering.mjs';
import { Judge } from './matrix/judge.mjs';
import { matrixModels } from './matrix/models.mjs';
import { StudioPage } from './matrix/studio-page.mjs';
import { disagrees, faultsOf, figuresOf, judged, wordsOf } from './matrix/verdict.mjs';
import { buildIfStale, serveStudio } from './studio.mjs';

/** @import { MatrixModel } from './matrix/models.mjs' */
/** @import { Figures } from './matrix/verdict.mjs' */
/**
 * @typedef {{ name: string, model: MatrixModel, recipe: string, target: string, covers: string[], reasons: string[] }} Planned
 * @typedef {{ name: string, verdict: 'ok' | 'skipped' | 'wrong', words: string, figures?: Figures }} Outcome
 */

const CELL_TIMEOUT_MS = 600_000;

const { values: options } = parseArgs({
  options: {
    cover: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    json: { type: 'string' },
  },
});

const env = judgeEnv();
if ('missing' in env) {
  console.error(`The matrix needs the judge: ${env.missing}`);
  process.exit(1);
}
const { python } = env;
Object.assign(process.env, { CHROMIUM_PATH: findChromium() });
const scratch = mkdtempSync(join(tmpdir(), 'whittle-matrix-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

await buildIfStale();
const server = await serveStudio({ port: 4176 });
const browser = await chromium.launch(launchOptions());
const judge = new Judge(python);
/** @type {Outcome[]} */
const outcomes = [];
/** @type {Promise<void>[]} */
const beingJudged = [];
const studio = new StudioPage(browser, server.resolvedUrls?.local[0], CELL_TIMEOUT_MS);
try {
  const { models, missing } = matrixModels(python, scratch);
  for (const id of missing) tell({ name: id, verdict: 'skipped', words: 'no WHITTLE_SAMPLES' });
  /** @type {Planned[]} */
  const all = [];
  for (const model of models) all.push(...(await planned(model)));
  const able = all.filter(({ covers }) => covers.length > 0);
  const named = options.cover ? covering(able).filter(({ name }) => isNamed(name)) : able;
  if (!options.cover) {
    for (const { name, reasons } of all.filter((cell) => cell.covers.length === 0)) {
      tell({ name, verdict: 'skipped', words: reasons.join('; ') });
    }
  }
  if (options.list) for (const { name } of named) console.log(name);
  for (const model of options.list ? [] : models) {
    for (const cell of named) if (cell.model === model) await run(cell);
  }
  await Promise.all(beingJudged);
} finally {
  judge.end();
  await browser.close();
  await server.close();
}
summarize();

/** @param {string} name */
function isNamed(name) {
  return name.includes(options.only);
}

/**
 * The dry run of every recipe and target, of which a cover is chosen; else of those named.
 * @param {MatrixModel} model
 * @returns {Promise<Planned[]>}
 */
async function planned(model) {
  const cells = [];
  for (const recipe of Object.keys(RECIPES)) {
    for (const target of TARGETS) {
      const name = `${model.id} · ${recipe} · ${target}`;
      if (!options.cover && !isNamed(name)) continue;
      await studio.open(model.files);
      const plan = await studio.plan(recipeOf(recipe, target));
      cells.push({
        ...{ name, model, recipe, target },
        covers: [...new Set(plan.encodings.map((it) => kindOf(it, target)))],
        reasons: [...new Set(plan.reasons)],
      });
    }
  }
  return cells;
}

/**
 * One cell in the page; Python looks at its file while the page goes on.
 * @param {Planned} planned
 */
async function run(planned) {
  const { name, model } = planned;
  try {
    const { cell, download, file, faults, seconds } = await tried(planned);
    const closeness = judge.closeness(model.model, file);
    let again = '';
    if (disagrees(cell)) {
      await Promise.all([closeness, ...beingJudged]); // their files go with the page
      await studio.close();
      again = await triedAgain(planned);
    }
    beingJudged.push(
      closeness.then(async (closeness) => {
        if (again === '') await download.delete();
        const wrong = [...faults, ...judged(closeness, cell)];
        const figures = figuresOf(cell, closeness);
        const same = cell.isKnown ? ', the same file as another cell' : '';
        const words = `${wordsOf(figures)}${same}, ${seconds} s${again}`;
        if (wrong.length === 0) tell({ name, verdict: 'ok', words, figures });
        else tell({ name, verdict: 'wrong', words: `${wrong.join('; ')} (${words})`, figures });
      }),
    );
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    tell({ name, verdict: 'wrong', words });
    await studio.close(); // what failed may have broken it; the next cell gets a new page
  }
}

/** @param {Planned} planned */
async function tried({ model, recipe, target }) {
  const start = performance.now();
  await studio.open(model.files);
  const score = model.labelled && !options.cover;
  const { cell, download } = await studio.cell(recipeOf(recipe, target), score);
  const file = await download.path();
  const faults = faultsOf(cell, statSync(file).size);
  return { cell, download, file, faults, seconds: secondsSince(start) };
}

/** @param {Planned} planned */
async function triedAgain(planned) {
  try {
    const { cell, download, faults, seconds } = await tried(planned);
    await download.delete();
    const found = faults.length > 0 ? faults.join('; ') : 'backends agree';
    return `; in a new page: ${found} (${wordsOf(figuresOf(cell, null))}, ${seconds} s)`;
  } catch (error) {
    await studio.close();
    return `; in a new page: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** @param {number} start */
function secondsSince(start) {
  return ((performance.now() - start) / 1000).toFixed(1);
}

/** @param {Outcome} outcome */
function tell(outcome) {
  outcomes.push(outcome);
  console.log(`${outcome.verdict.padEnd(7)} ${outcome.name}: ${outcome.words}`);
}

function summarize() {
  if (options.json) writeFileSync(options.json, `${JSON.stringify(outcomes, null, 2)}\n`);
  const count = (/** @type {Outcome['verdict']} */ verdict) =>
    outcomes.filter((outcome) => outcome.verdict === verdict).length;
  console.log(`${count('ok')} cells ok, ${count('wrong')} wrong, ${count('skipped')} skipped`);
  process.exitCode = count('wrong') > 0 || count('ok') === 0 ? 1 : 0;
}
