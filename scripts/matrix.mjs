/**
 * `npm run matrix`: every recipe × target × model of `matrix/cells.mjs` in the production studio:
 * compressed by the engine, as long as planned, accepted by ONNX's checker, loaded by ONNX Runtime
 * in Python, and true on both backends of the page. A cell in which no weight can be compressed is
 * skipped with the reason. `--cover` runs the fewest cells that have every encoding of every
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
import { RECIPES, recipeOf, secondsOf, TARGETS } from './matrix/cells.mjs';
import { Judge } from './matrix/judge.mjs';
import { matrixModels } from './matrix/models.mjs';
import { matrixPage } from './matrix/page.mjs';
import { faultsOf, figuresOf, judged, wordsOf } from './matrix/verdict.mjs';
import { buildIfStale, serveStudio } from './studio.mjs';

/** @import { MatrixPage } from './matrix/page.mjs' */
/** @import { MatrixModel } from './matrix/models.mjs' */
/** @import { Figures } from './matrix/verdict.mjs' */
/** @import { Matrix } from '../src/state/matrix-hook.ts' */
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
const origin = server.resolvedUrls?.local[0];
const browser = await chromium.launch(launchOptions());
const judge = new Judge(python);
/** @type {Outcome[]} */
const outcomes = [];
/** @type {Promise<void>[]} */
const beingJudged = [];
/** @type {MatrixPage & { model: MatrixModel | null, id: string | null } | null} */
let studio = null;
try {
  const { models, missing } = matrixModels(python, scratch);
  for (const id of missing) tell({ name: id, verdict: 'skipped', words: 'no WHITTLE_SAMPLES' });
  /** @type {Planned[]} */
  const all = [];
  for (const model of models) all.push(...(await planned((await pageWith(model)).matrix, model)));
  const able = all.filter(({ covers }) => covers.length > 0);
  const wanted = options.cover ? covering(able) : able;
  const named = wanted.filter(({ name }) => name.includes(options.only));
  if (!options.cover) {
    for (const { name, reasons } of all.filter((cell) => cell.covers.length === 0)) {
      if (name.includes(options.only))
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

/**
 * The page with `model` open. One page for all: its GPU keeps what it has compiled.
 * @param {MatrixModel} model
 */
async function pageWith(model) {
  studio ??= {
    ...(await matrixPage(browser, origin, CELL_TIMEOUT_MS)),
    ...{ model: null, id: null },
  };
  const { matrix } = studio;
  if (studio.model === model) return studio;
  await studio.choose(model.files);
  studio.id = await matrix.opened(studio.id);
  studio.model = model;
  return studio;
}

/**
 * The dry run of every recipe and target.
 * @param {Matrix} matrix
 * @param {MatrixModel} model
 * @returns {Promise<Planned[]>}
 */
async function planned(matrix, model) {
  const cells = [];
  for (const recipe of Object.keys(RECIPES)) {
    for (const target of TARGETS) {
      const plan = await matrix.plan(recipeOf(recipe, target));
      cells.push({
        name: `${model.id} · ${recipe} · ${target}`,
        ...{ model, recipe, target },
        covers: [...new Set(plan.encodings.map((it) => kindOf(it, target)))],
        reasons: [...new Set(plan.reasons)],
      });
    }
  }
  return cells;
}

/**
 * What a weight's encoding adds to what has been tried. One stage: how it is stored for an operator
 * and a target (floats are the same bytes for every target; block sizes, ranks and shares are numbers
 * to one kernel). Several: which of them follow each other for an operator; their noise would hide whether
 * the storage is right, so that does not count as tried.
 * @param {string} encoding "rank 32 · int8·32 Conv"
 * @param {string} target
 */
function kindOf(encoding, target) {
  const kind = encoding
    .replace(/·\d+/g, '·block')
    .replace(/rank (≤ )?\d+/, 'rank')
    .replace(/\d+ % pruned/, 'pruned');
  return kind.includes(' · ') || !kind.includes('int') ? kind : `${kind} ${target}`;
}

/**
 * Few cells that have all there is between them: always the one that brings most for its time.
 * @param {readonly Planned[]} cells
 */
function covering(cells) {
  const missing = new Set(cells.flatMap(({ covers }) => covers));
  const chosen = [];
  while (missing.size > 0) {
    const worth = (/** @type {Planned} */ { covers, model, recipe }) =>
      covers.filter((item) => missing.has(item)).length / (model.seconds + secondsOf(recipe));
    const best = cells.reduce((a, b) => (worth(b) > worth(a) ? b : a));
    chosen.push(best);
    for (const item of best.covers) missing.delete(item);
  }
  return chosen;
}

/**
 * One cell in the page; Python looks at its file while the page goes on.
 * @param {Planned} cell
 */
async function run({ name, model, recipe, target }) {
  const start = performance.now();
  try {
    const { page, matrix } = await pageWith(model);
    const score = model.labelled && !options.cover;
    const waiting = page.waitForEvent('download');
    const [result, download] = await Promise.all([
      matrix.cell(recipeOf(recipe, target), score),
      waiting,
    ]);
    const file = await download.path();
    const faults = faultsOf(result, statSync(file).size);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    beingJudged.push(
      judge.closeness(model.model, file).then(async (closeness) => {
        await download.delete();
        const wrong = [...faults, ...judged(closeness, result)];
        const figures = figuresOf(result, closeness);
        const same = result.isKnown ? ', the same file as another cell' : '';
        const words = `${wordsOf(figures)}${same}, ${seconds} s`;
        if (wrong.length === 0) tell({ name, verdict: 'ok', words, figures });
        else tell({ name, verdict: 'wrong', words: `${wrong.join('; ')} (${words})`, figures });
      }),
    );
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    tell({ name, verdict: 'wrong', words });
    await studio?.context.close(); // what failed may have broken it; the next cell gets a new page
    studio = null;
  }
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
