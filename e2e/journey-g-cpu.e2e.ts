/**
 * Journey G without a GPU: the page asks first, with the time, and the CPU does the same work; and
 * in a tab that is hidden in mid-run, whose times are discarded.
 */
import { expect, type Page, test } from '@playwright/test';
import { launchOptions } from '../scripts/chromium-args.mjs';
import { exportedReport } from './support/report.ts';
import { exactValue } from './support/results.ts';

test.use({
  launchOptions: {
    ...launchOptions(),
    args: ['--no-sandbox', '--disable-blink-features=WebGPU'],
  },
});

const results = (page: Page) => page.getByRole('region', { name: 'Results' });

/** Compresses a sample on the CPU, once that was agreed to. */
async function compressOnCpu(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Try digits' }).click();
  await page.getByRole('button', { name: /^Half the bytes/ }).click();
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
  await compressOnCpu(page);
  expect(await exactValue(page, /int8/, /Accuracy/)).toBeGreaterThan(0.9);
  const { compressedOn, measurements } = await exportedReport(page);
  expect(compressedOn).toEqual({ device: 'CPU (reference implementation)', software: false });
  expect(measurements.map(({ backend }) => backend)).toEqual(['wasm']);
});

test('times of a hidden tab are discarded, and it is said', async ({ page }) => {
  await compressOnCpu(page);
  await setVisibility(page, 'hidden');
  expect(await exactValue(page, /int8/, /Accuracy/)).toBeGreaterThan(0.9);
  await expect(results(page)).toContainText('The tab was hidden');
  const hidden = await exportedReport(page);
  expect(hidden.measurements.map(({ latency }) => latency)).toEqual([null]);
  await setVisibility(page, 'visible');
  await page.getByRole('button', { name: 'Benchmark', exact: true }).click();
  expect(await exactValue(page, /int8/, /WASM/)).toBeGreaterThan(0);
  await expect(results(page)).not.toContainText('The tab was hidden');
});
