/**
 * Journey G without a GPU: the page asks first, with the time, and the CPU does the same work; and
 * in a tab that is hidden in mid-run, whose times are discarded.
 */
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { launchOptions } from '../scripts/chromium-args.mjs';
import { exportedReport } from './support/report.ts';
import { exactValue, runRow } from './support/results.ts';

const { WHITTLE_SAMPLES = '' } = process.env;
const MODEL = join(WHITTLE_SAMPLES, 'sentiment-minilm', 'model.onnx');
/** Minutes of work for any CPU. */
const RECIPE = join(mkdtempSync(join(tmpdir(), 'whittle-long-')), 'long.recipe.json');
writeFileSync(
  RECIPE,
  JSON.stringify({
    ...{ format: 'whittle-recipe', version: 1, name: 'int4 with clip', target: 'wasm', seed: 1 },
    steps: [
      { technique: 'svd', where: { op: 'MatMul' }, options: { rank: 128 } },
      { technique: 'rtn', options: { bits: 4, clip: true } },
    ],
  }),
);

test.use({
  launchOptions: {
    ...launchOptions(),
    args: ['--no-sandbox', '--disable-blink-features=WebGPU'],
  },
});

/** The preset's run is named by what it does on this model. */
const RUN = /fp16|int8/;

test.describe.configure({ timeout: 300_000 });

const results = (page: Page) => page.getByRole('region', { name: 'Results' });

/** Compresses a sample on the CPU, once that was agreed to. */
async function compressOnCpu(page: Page, { measured }: { measured: boolean }): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Try digits' }).click();
  await page.getByRole('button', { name: /^Half the bytes/ }).click();
  await page.getByRole('checkbox', { name: 'Benchmark after' }).setChecked(measured);
  await page.getByRole('button', { name: 'Compress' }).click();
  const question = results(page).getByRole('alert');
  await expect(question).toContainText(/No WebGPU here: compress on the CPU, about [\d.]+ m?s/);
  await expect(question).toContainText('Nothing was compressed yet.');
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await question.getByRole('button', { name: 'Compress on the CPU' }).click();
}

/** Hides or shows the tab; headless Chromium has no way to put one behind another. */
const setVisibility = (page: Page, state: DocumentVisibilityState) =>
  page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);

test('without WebGPU the CPU is asked for, does the work, and is named in the report', async ({
  page,
}) => {
  await compressOnCpu(page, { measured: false });
  await expect(runRow(page, RUN)).toContainText('not measured');
  const { compressedOn, output } = await exportedReport(page);
  expect(compressedOn).toEqual({ device: 'CPU (reference implementation)', software: false });
  expect(output.byteLength).toBe(await exactValue(page, RUN, /^Size/));
  expect(output.byteLength).toBeLessThan(0.6 * (await exactValue(page, /baseline/, /^Size/)));
});

test('times of a hidden tab are discarded, and it is said', async ({ page }) => {
  await compressOnCpu(page, { measured: true });
  await setVisibility(page, 'hidden');
  expect(await exactValue(page, RUN, /Accuracy/)).toBeGreaterThan(0.9);
  await expect(page).toHaveTitle(/^Done: .* – Whittle$/);
  await expect(results(page)).toContainText('The tab was hidden');
  const hidden = await exportedReport(page);
  expect(hidden.measurements).toMatchObject([{ backend: 'wasm', latency: null }]);
  await setVisibility(page, 'visible');
  await expect(page).toHaveTitle('digits – Whittle');
});

test('a job of over a minute offers to tell its end, and the tab says how far it is', async ({
  page,
  context,
}) => {
  test.skip(!existsSync(MODEL), 'WHITTLE_SAMPLES has no sentiment-minilm');
  await context.grantPermissions(['notifications']);
  await page.goto('/');
  await page.getByLabel('Open model', { exact: true }).setInputFiles([MODEL, RECIPE]);
  await page.getByRole('button', { name: 'Compress' }).click();
  await page.getByRole('button', { name: 'Compress on the CPU' }).click();
  const tell = page.getByRole('checkbox', { name: 'Tell me when it ends' });
  await tell.click();
  await expect(tell).toBeChecked();
  await expect(page).toHaveTitle(/^\d+ % of int4 with clip – Whittle$/);
  await page.getByRole('button', { name: /^Cancel/ }).click();
  await expect(page).toHaveTitle('model – Whittle');
});
