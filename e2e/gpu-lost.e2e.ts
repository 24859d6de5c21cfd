/** The GPU goes away in the middle of a run: the page says so and goes on with another by itself. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runRow } from './support/results.ts';

const { WHITTLE_SAMPLES = '' } = process.env;
const FOLDER = join(WHITTLE_SAMPLES, 'sentiment-minilm');

test('a lost GPU is told, and the run goes on with a new one', async ({ page, browser }) => {
  test.skip(!WHITTLE_SAMPLES || !existsSync(FOLDER), 'WHITTLE_SAMPLES has no sentiment-minilm');
  test.setTimeout(180_000);
  await page.goto('/');
  await page.getByLabel('Open folder', { exact: true }).setInputFiles(FOLDER);
  await page.getByRole('checkbox', { name: 'Benchmark after' }).uncheck();
  const control = await browser.newBrowserCDPSession();
  const { processInfo } = await control.send('SystemInfo.getProcessInfo');
  const gpu = processInfo.find(({ type }) => type === 'GPU');
  expect(gpu, 'the browser has a GPU process').toBeDefined();
  await page.getByRole('button', { name: 'Compress' }).click();
  // The first weights are on their way: the device exists.
  await expect(page.getByRole('progressbar', { name: /^Step/ })).toBeVisible();
  process.kill(gpu?.id ?? 0, 'SIGKILL');

  await expect(page.getByRole('status')).toContainText('The GPU was lost. Going on');
  await expect(runRow(page, /int4/)).toContainText('not measured', { timeout: 120_000 });
});
