/**
 * Journey J: six runs leave as a report that opens from the disk, as a repository that
 * transformers.js loads, and as code that runs as printed.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { judgeEnv } from '../scripts/judge-env.mjs';
import { serveFiles } from './support/file-server.ts';
import { download, runRow } from './support/results.ts';
import { unpack } from './support/unpack.ts';

const execute = promisify(execFile);

/** The small sample in CI; `WHITTLE_JOURNEY_J=sentiment-minilm` takes the large one. */
const { WHITTLE_JOURNEY_J = 'sentiment-tiny', WHITTLE_SAMPLES = '' } = process.env;
const BUILT_IN = fileURLToPath(new URL(`../public/samples/${WHITTLE_JOURNEY_J}`, import.meta.url));
const FOLDER = existsSync(BUILT_IN) ? BUILT_IN : join(WHITTLE_SAMPLES, WHITTLE_JOURNEY_J);
const MODULES = fileURLToPath(new URL('../node_modules', import.meta.url));
/** How much longer the large sample takes. */
const TIMES = existsSync(BUILT_IN) ? 1 : 5;
const SLOWEST_MS = 240_000 * TIMES;
const ROWS = 200;

const MATRICES = { op: ['MatMul', 'Gemm'] };
const TABLES = { op: ['Gather'] };
const rtn = (bits: number, where: object, blockSize: number | string = 32) => ({
  ...{ technique: 'rtn', where, options: { bits, blockSize } },
});
const recipe = (name: string, target: string, steps: readonly object[]) => ({
  ...{ format: 'whittle-recipe', version: 1, name, target, seed: 1, steps },
});

/** By the name that each takes in the repository. */
const RECIPES = {
  q8: recipe('eight bits', 'wasm', [rtn(8, MATRICES), rtn(8, TABLES, 'channel')]),
  q2: recipe('two bits', 'wasm', [rtn(2, MATRICES)]),
  fp16: recipe('half floats', 'wasm', [{ technique: 'fp16', options: {} }]),
  fp32: recipe('low rank', 'wasm', [
    { technique: 'svd', where: MATRICES, options: { by: 'energy', energy: 0.9 } },
  ]),
  q4f16: recipe('packed fours', 'native', [rtn(4, MATRICES)]),
  q4: recipe('four bits', 'wasm', [rtn(4, MATRICES), rtn(8, TABLES, 'channel')]),
};
type Name = keyof typeof RECIPES;
const NAMES = Object.keys(RECIPES) as readonly Name[];

test('a report, a repository and code that others can use', async ({ page, browser }) => {
  test.setTimeout(900_000 * TIMES);
  const scratch = await mkdtemp(join(tmpdir(), 'whittle-j-'));
  try {
    await makeRuns(page, scratch);
    await readReport(page, browser);
    await loadRepository(page, browser, scratch);
    await runCode(page, browser, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
});

/** As many labelled rows as a short test takes. */
async function firstRows(scratch: string): Promise<string> {
  const lines = (await readFile(join(FOLDER, 'test.csv'), 'utf8')).split('\n');
  const path = join(scratch, 'test.csv');
  await writeFile(path, lines.slice(0, 1 + ROWS).join('\n'));
  return path;
}

/** Six runs; the last is measured. */
async function makeRuns(page: Page, scratch: string): Promise<void> {
  await page.goto('/');
  const names = ['model.onnx', 'config.json', 'tokenizer.json', 'tokenizer_config.json'];
  await page
    .getByLabel('Open model', { exact: true })
    .setInputFiles([...names.map((name) => join(FOLDER, name)), await firstRows(scratch)]);
  await page.getByLabel('Benchmark after').uncheck();
  for (const [index, name] of NAMES.entries()) {
    const json = JSON.stringify(RECIPES[name]);
    await page.getByLabel('Recipe file').setInputFiles({
      name: 'x.recipe.json',
      mimeType: 'application/json',
      buffer: Buffer.from(json),
    });
    await expect(page.getByRole('status').first()).toContainText(
      `Opened recipe ${RECIPES[name].name}`,
    );
    if (index === NAMES.length - 1) await page.getByLabel('Benchmark after').check();
    await page.getByRole('button', { name: /^Compress/ }).click();
    await expect(runRow(page, RECIPES[name].name).locator('td[data-value]').first()).toBeVisible({
      timeout: SLOWEST_MS,
    });
    await expect(page.getByRole('button', { name: /^Compress/ })).toBeVisible({
      timeout: SLOWEST_MS,
    });
  }
  await expect(runRow(page, RECIPES.q4.name).locator('[data-label="Accuracy"]')).toHaveAttribute(
    'data-value',
    /\d/,
    { timeout: SLOWEST_MS },
  );
}

/** Exact figures of each run: on the screen, and in the report that is opened from the disk. */
async function readReport(page: Page, browser: Browser): Promise<void> {
  const waiting = page.waitForEvent('download');
  await chooseExport(page, 'HTML report, all runs');
  const file = await waiting;
  const offline = await browser.newContext({ javaScriptEnabled: false, offline: true });
  const reader = await offline.newPage();
  const problems: string[] = [];
  reader.on('console', (message) => problems.push(message.text()));
  const path = `${await file.path()}.html`;
  await copyFile(await file.path(), path);
  await reader.goto(pathToFileURL(path).href);
  await expect(reader.getByRole('img', { name: /^Trade-off chart/ })).toBeVisible();
  for (const name of [/baseline/, ...NAMES.map((it) => RECIPES[it].name)]) {
    const shown = await figures(runRow(page, name));
    const row = reader
      .locator('table')
      .first()
      .getByRole('row')
      .filter({ has: reader.getByRole('rowheader', { name }) });
    const reported = await figures(row.first());
    expect(shown.length).toBeGreaterThan(0);
    expect(
      shown.filter((value) => !reported.includes(value)),
      `${name} in the report`,
    ).toEqual([]);
  }
  await expect(reader.getByText('not measured').first()).toBeVisible();
  expect(problems).toEqual([]);
  await offline.close();
}

const figures = (row: ReturnType<typeof runRow>): Promise<(string | null)[]> =>
  row
    .locator('[data-value]')
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-value')));

async function chooseExport(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** Two runs want one name: the person tells them apart, and every variant loads. */
async function loadRepository(page: Page, browser: Browser, scratch: string): Promise<void> {
  await chooseExport(page, 'Hugging Face folder (zip)…');
  const dialog = page.getByRole('dialog', { name: 'Hugging Face folder' });
  const choice = (name: string) => dialog.getByRole('row').filter({ hasText: name });
  await expect(choice(RECIPES.q8.name).getByRole('combobox')).toHaveValue('q8');
  for (const name of NAMES) {
    const row = dialog.getByRole('row').filter({
      has: page.getByRole('checkbox', { name: RECIPES[name].name, exact: true }),
    });
    await row.getByRole('checkbox').check();
  }
  const nameOf = (name: (typeof NAMES)[number]) =>
    dialog.getByRole('combobox', { name: `Name of ${RECIPES[name].name}`, exact: true });
  for (const name of NAMES) await nameOf(name).selectOption(name);
  await nameOf('q4').selectOption('q8');
  await expect(dialog.getByRole('status')).toContainText('would both be onnx/model_quantized.onnx');
  await nameOf('q4').selectOption('q4');
  const waiting = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save zip' }).click();
  const zip = await waiting;
  expect(zip.suggestedFilename()).toMatch(/\.zip$/);
  const models = join(scratch, 'models');
  const paths = await unpack(await zip.path(), models);
  const [folder = ''] = (paths[0] ?? '').split('/');
  expect(paths.map((path) => path.slice(folder.length + 1))).toEqual([
    'README.md',
    'config.json',
    'onnx/model.onnx',
    'onnx/model_fp16.onnx',
    'onnx/model_q2.onnx',
    'onnx/model_q4.onnx',
    'onnx/model_q4f16.onnx',
    'onnx/model_quantized.onnx',
    'tokenizer.json',
    'tokenizer_config.json',
  ]);
  const readme = await readFile(join(models, folder, 'README.md'), 'utf8');
  expect(readme).toContain("`dtype: 'q4'` loads `onnx/model_q4.onnx`");

  await using server = await serveFiles(await hosted(scratch, models));
  const visitor = await browser.newPage();
  await visitor.goto(`${server.origin}/site/index.html`);
  const answers = await visitor.evaluate(classify, { folder, names: NAMES });
  for (const { dtype, label, score } of answers) {
    expect(label, `${dtype} answers`).toBe('positive');
    expect(score, `${dtype} is sure`).toBeGreaterThan(0.5);
  }
  await visitor.close();
}

/** Runs in a page: the package itself, on local files alone. */
async function classify({ folder, names }: { folder: string; names: readonly string[] }) {
  const specifier = '@huggingface/transformers';
  const { env, pipeline } = await import(specifier);
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = '/models/';
  env.useBrowserCache = false;
  env.backends.onnx.wasm.wasmPaths = new URL('/ort/', location.href).href;
  env.backends.onnx.wasm.numThreads = 1;
  const answers: { dtype: string; label: string; score: number }[] = [];
  for (const dtype of names) {
    const pipe = await pipeline('text-classification', folder, { dtype, device: 'wasm' });
    const [answer] = await pipe('A warm, funny and wonderful film.');
    answers.push({ dtype, ...answer });
    await pipe.dispose();
  }
  return answers;
}

const IMPORTS = {
  '@huggingface/transformers': '/transformers/transformers.web.min.js',
  '@huggingface/tokenizers': '/tokenizers/tokenizers.min.mjs',
  'onnxruntime-common': '/common/index.js',
  'onnxruntime-web/webgpu': '/ort/ort.webgpu.min.mjs',
  'onnxruntime-web/wasm': '/ort/ort.wasm.min.mjs',
};

async function hosted(scratch: string, models: string): Promise<Record<string, string>> {
  const site = join(scratch, 'site');
  await mkdir(site, { recursive: true });
  const map = JSON.stringify({ imports: IMPORTS });
  await writeFile(
    join(site, 'index.html'),
    `<!doctype html><link rel="icon" href="data:,"><script type="importmap">${map}</script>`,
  );
  return {
    '/site/': site,
    '/models/': models,
    '/ort/': join(MODULES, 'onnxruntime-web/dist'),
    '/common/': join(MODULES, 'onnxruntime-common/dist/esm'),
    '/transformers/': join(MODULES, '@huggingface/transformers/dist'),
    '/tokenizers/': join(MODULES, '@huggingface/tokenizers/dist'),
  };
}

const CLASS_AND_SCORE = /^(?:negative|positive) [01]\.\d{3}$/m;

/** The printed code, beside the files that it names. */
async function runCode(page: Page, browser: Browser, scratch: string): Promise<void> {
  const { path, fileName } = await download(page);
  const folder = join(scratch, 'site');
  await copyFile(path, join(folder, fileName));
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) {
    await copyFile(join(FOLDER, name), join(folder, name));
  }
  await page.getByRole('button', { name: 'Use this file' }).click();
  const dialog = page.getByRole('dialog', { name: 'Use this file' });
  const printed = async (library: string) => {
    await dialog.getByText(library, { exact: true }).click();
    const code = await dialog.getByRole('figure', { name: `${library} snippet` }).innerText();
    expect(code).toContain(library === 'transformers.js' ? 'dtype: "q4"' : fileName);
    return code;
  };
  const web = await printed('onnxruntime-web');
  await printed('transformers.js');
  const python = await printed('Python');

  await writeFile(join(folder, 'snippet.js'), web);
  await using server = await serveFiles(await hosted(scratch, join(scratch, 'models')));
  const visitor = await browser.newPage();
  const errors: string[] = [];
  visitor.on('pageerror', (error) => errors.push(error.message));
  const logged = visitor.waitForEvent('console', (message) => message.type() === 'log');
  await visitor.goto(`${server.origin}/site/index.html`);
  await visitor.addScriptTag({ type: 'module', url: '/site/snippet.js' });
  expect((await logged).text()).toMatch(CLASS_AND_SCORE);
  expect(errors).toEqual([]);
  await visitor.close();

  const env = judgeEnv();
  test.skip('missing' in env, 'missing' in env ? env.missing : '');
  if ('missing' in env) return;
  await writeFile(join(folder, 'snippet.py'), python);
  const { stdout } = await execute(env.python, ['snippet.py'], { cwd: folder });
  expect(stdout).toMatch(CLASS_AND_SCORE);
}
