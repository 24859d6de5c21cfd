/**
 * Journey G: a run is cancelled, loses its GPU twice, is reloaded, runs out of disk, and meets a
 * second tab, each in its middle. Nothing that was finished is lost or done again, nothing starts by
 * itself, and the output is the one of an uninterrupted run.
 */
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { treeFindings } from './support/ax-tree.ts';
import { exportedReport } from './support/report.ts';
import { runRow } from './support/results.ts';
import { stored } from './support/stored.ts';

const { WHITTLE_SAMPLES = '' } = process.env;
const FOLDER = join(WHITTLE_SAMPLES, 'sentiment-minilm');
const MODEL = join(FOLDER, 'model.onnx');
/** Slow enough to be disturbed in its middle: small weights whose clips are searched. */
const RECIPE = join(mkdtempSync(join(tmpdir(), 'whittle-g-')), 'slow.recipe.json');
writeFileSync(
  RECIPE,
  JSON.stringify({
    ...{ format: 'whittle-recipe', version: 1, name: 'int4 attention', target: 'webgpu', seed: 1 },
    steps: [{ technique: 'rtn', where: { name: '*attention*' }, options: { bits: 4, clip: true } }],
  }),
);
const WITHOUT = !WHITTLE_SAMPLES || !existsSync(FOLDER);

test.describe.configure({ mode: 'serial', timeout: 300_000 });
const failures: string[] = [];
test.beforeEach(({ page }) => {
  test.skip(WITHOUT, 'WHITTLE_SAMPLES has no sentiment-minilm');
  failures.length = 0;
  page.on('pageerror', ({ message, stack }) => failures.push(stack ?? message));
});
test.afterEach(() => {
  expect(failures, 'nothing fails unhandled, in the page or its workers').toEqual([]);
});

const results = (page: Page) => page.getByRole('region', { name: 'Results' });
const status = (page: Page) => page.getByRole('status');
const keptTable = (page: Page) => page.getByRole('table', { name: 'Kept in this browser' });

async function openModel(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByLabel('Open model', { exact: true }).setInputFiles([MODEL, RECIPE]);
  await page.getByRole('checkbox', { name: 'Benchmark after' }).uncheck();
  await expect.poll(async () => (await stored(page)).sessions, { timeout: 60_000 }).toBe(1);
}

/** Opens the model and waits until the browser has its own copy. */
async function openAndKeepModel(page: Page): Promise<void> {
  await openModel(page);
  await expect.poll(async () => (await stored(page)).copied, { timeout: 120_000 }).toBe(1);
}

/** Compresses until some weights are finished and kept. */
async function compressHalfway(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Compress' }).click();
  await finishedWeights(page, 6);
  await expect.poll(async () => (await stored(page)).weightRecords).toBeGreaterThan(3);
}

async function finishedWeights(page: Page, least: number): Promise<void> {
  const count = page.getByText(/^\d+ of \d+ weights/).first();
  await expect
    .poll(async () => Number.parseInt((await count.textContent()) ?? '0', 10), { timeout: 90_000 })
    .toBeGreaterThanOrEqual(least);
}

/** As it is read and seen by whoever does not use a mouse. */
async function expectClean(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  expect(await treeFindings(page)).toEqual([]);
}

async function outputHash(page: Page): Promise<string> {
  await expect(runRow(page, /int4/)).toContainText('not measured', { timeout: 180_000 });
  await expect(page.getByRole('button', { name: 'Download', exact: true })).toBeVisible();
  const { output } = await exportedReport(page);
  const [file] = output.files;
  expect(output.files).toHaveLength(1);
  expect(file?.sha256).toMatch(/^[0-9a-f]{64}$/);
  return file?.sha256 ?? '';
}

/** Nothing of a job is left: no record, no weight, no lock. */
async function expectNoJob(page: Page): Promise<void> {
  await expect
    .poll(() => stored(page), { timeout: 120_000 })
    .toMatchObject({ weightBytes: 0, weightRecords: 0, jobs: 0 });
  const { locks } = await stored(page);
  expect(locks.filter((name) => name.startsWith('whittle job'))).toEqual([]);
}

/** Ends the browser's GPU process: every device is lost. */
async function loseGpu(browser: Browser): Promise<void> {
  const control = await browser.newBrowserCDPSession();
  const { processInfo } = await control.send('SystemInfo.getProcessInfo');
  const gpu = processInfo.find(({ type }) => type === 'GPU');
  expect(gpu, 'the browser has a GPU process').toBeDefined();
  process.kill(gpu?.id ?? 0, 'SIGKILL');
  await control.detach();
}

/** SHA-256 of the output of a run that nothing interrupts. */
let expected = '';

test('a cancelled run leaves nothing behind, and the next one is as if it had not been', async ({
  page,
}) => {
  await openModel(page);
  await compressHalfway(page);
  await expect(page.getByRole('button', { name: /^Cancel/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(status(page)).toContainText('Cancelled.');
  await expect(page.getByRole('button', { name: 'Compress' })).toBeFocused();
  await expectClean(page);
  await expectNoJob(page);
  await page.getByRole('button', { name: 'Compress' }).click();
  expected = await outputHash(page);
  await expectNoJob(page);
});

test('a reload offers Resume, starts nothing, and goes on to the same bytes', async ({ page }) => {
  await openAndKeepModel(page);
  await compressHalfway(page);
  await page.reload();
  const card = page.getByRole('region', { name: /int4.* of .* is unfinished/ });
  await expect(card).toContainText(/\d+ of \d+ weights are done and kept/);
  await expect(results(page)).toHaveCount(0);
  const { weightRecords } = await stored(page);
  await card.getByRole('button', { name: 'Resume' }).click();
  await finishedWeights(page, weightRecords);
  expect(await outputHash(page)).toBe(expected);
  await expectNoJob(page);
  await page.reload();
  await expect(keptTable(page)).toContainText('1 run');
  await page.getByRole('button', { name: /^Continue/ }).click();
  expect(await outputHash(page)).toBe(expected);
});

test('an unfinished run can be discarded, and its model deleted', async ({ page }) => {
  await openAndKeepModel(page);
  await compressHalfway(page);
  await page.reload();
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(status(page)).toContainText('Discarded the unfinished');
  await expect(page.getByRole('button', { name: 'Resume' })).toHaveCount(0);
  await expectNoJob(page);
  await page.getByRole('button', { name: 'Delete model', exact: true }).click();
  const question = page.getByRole('alertdialog', { name: /^Delete model, \d+\.\d MB\?/ });
  await expect(question.getByRole('button', { name: 'Keep model' })).toBeFocused();
  await question.getByRole('button', { name: 'Keep model' }).click();
  await expect(page.getByRole('button', { name: 'Delete model', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await question.getByRole('button', { name: 'Delete model for good' }).click();
  await expect(status(page)).toContainText('Deleted model');
  await expect(keptTable(page)).toHaveCount(0);
});

test('the GPU is lost twice: the run asks, and Resume ends with the same bytes', async ({
  page,
  browser,
}) => {
  await openModel(page);
  await page.getByRole('button', { name: 'Compress' }).click();
  await finishedWeights(page, 2);
  await loseGpu(browser);
  await expect(status(page)).toContainText('The GPU was lost. Going on', { timeout: 60_000 });
  await loseGpu(browser);
  await expect(results(page).getByText(/The GPU was lost at/)).toBeVisible({ timeout: 60_000 });
  await expect(status(page)).toContainText('The GPU was lost while compressing');
  for (const choice of ['Resume', 'Continue on the CPU', 'Cancel']) {
    await expect(results(page).getByRole('button', { name: choice })).toBeVisible();
  }
  await expectClean(page);
  await expect(results(page).getByRole('button', { name: 'Resume' })).toBeFocused();
  const weights = page.getByRole('region', { name: 'Model' });
  await weights.getByPlaceholder(/^Filter/).fill('layer.0.attention.self.query');
  await weights.getByRole('row', { name: /query$/ }).click();
  const picture = weights.getByRole('img', { name: /^Values of/ });
  await expect(picture, 'what is finished is seen before the run is').toHaveAttribute(
    'data-after',
    'true',
  );
  await page.keyboard.press('r');
  await expect(page.getByRole('button', { name: /^Cancel/ })).toBeFocused();
  expect(await outputHash(page)).toBe(expected);
});

test('a disk that fills up ends nothing, and what a reload would lose is named', async ({
  page,
}) => {
  await openAndKeepModel(page);
  const control = await page.context().newCDPSession(page);
  const origin = new URL(page.url()).origin;
  await page.getByRole('button', { name: 'Compress' }).click();
  await finishedWeights(page, 4);
  const usage = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  await control.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 300_000 });
  await expect(status(page)).toContainText('disk space', { timeout: 60_000 });
  expect(await outputHash(page)).toBe(expected);
  await expect(results(page)).toContainText(/No room in this browser for int4.*\(\d.*MB\)/);
  await control.send('Storage.overrideQuotaForOrigin', { origin });
});

test('files that had no room are asked for again, and others are refused by name', async ({
  page,
}) => {
  await page.goto('/');
  const control = await page.context().newCDPSession(page);
  const origin = new URL(page.url()).origin;
  await control.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 60_000_000 });
  await openModel(page);
  await compressHalfway(page);
  await expect.poll(async () => (await stored(page)).jobs).toBe(1);
  await page.reload();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByRole('region', { name: /^Open the files of/ })).toContainText(
    'model.onnx',
  );
  const input = page.getByLabel('Open model', { exact: true });
  await input.setInputFiles(join(FOLDER, 'config.json'));
  await expect(page.getByRole('alert')).toContainText('config.json');
  await expect(results(page)).toHaveCount(0);
  await input.setInputFiles(MODEL);
  expect(await outputHash(page)).toBe(expected);
});

test('two tabs: the second is told, takes nothing over, and resumes when the first is gone', async ({
  page,
  context,
}) => {
  await openAndKeepModel(page);
  await compressHalfway(page);
  const other = await context.newPage();
  await other.goto('/');
  await expect(keptTable(other)).toContainText('open in another tab');
  await expect(other.getByRole('button', { name: 'Resume' })).toHaveCount(0);
  await other.getByLabel('Open model', { exact: true }).setInputFiles(MODEL);
  await expect(results(other)).toContainText('open in another tab');
  await page.close();
  await other.goto('/');
  await other.getByRole('button', { name: 'Resume' }).click();
  expect(await outputHash(other)).toBe(expected);
});
