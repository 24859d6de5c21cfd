/** The page answers while the engine works: long tasks of its main thread, in the browser's words. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { makeLargeModel } from '../scripts/make-large-model.mjs';
import { runRow } from './support/results.ts';
import { recipe } from './support/steps.ts';

const { WHITTLE_SAMPLES = '' } = process.env;
const FOLDER = join(WHITTLE_SAMPLES, 'sentiment-minilm');
/** Ten times the 50 ms that the product promises: a busy machine must not fail this. */
const GUARD_MS = 500;

declare global {
  var longTasks: { start: number; duration: number }[];
}

const watchTasks = (page: Page) =>
  page.addInitScript(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime: start, duration } of list.getEntries()) {
        globalThis.longTasks.push({ start, duration });
      }
    }).observe({ type: 'longtask' });
  });

/** Milliseconds of the longest task since `since` on the page's clock; 0 if none had 50. */
async function longestTask(page: Page, since: number): Promise<number> {
  const durations = await page.evaluate(
    (from) => globalThis.longTasks.filter(({ start }) => start >= from).map((it) => it.duration),
    since,
  );
  return Math.max(0, ...durations);
}

const now = (page: Page) => page.evaluate(() => performance.now());

test('compressing 91 MB never holds the page up', async ({ page }, { annotations }) => {
  test.skip(!WHITTLE_SAMPLES || !existsSync(FOLDER), 'WHITTLE_SAMPLES has no sentiment-minilm');
  await watchTasks(page);
  await page.goto('/');
  await page.getByLabel('Open folder', { exact: true }).setInputFiles(FOLDER);
  await page.getByRole('checkbox', { name: 'Benchmark after' }).uncheck();
  const presets = ['Smallest', 'Small, stays close', 'Half the bytes'];
  for (const [index, preset] of presets.entries()) {
    await page.getByRole('button', { name: new RegExp(`^${preset}`) }).click();
    const since = await now(page);
    await page.getByRole('button', { name: 'Compress' }).click();
    await expect(runRow(page, /int\d|fp16/)).toHaveCount(index + 1);
    await expect(page.getByRole('status')).toContainText('Not measured yet');
    const longest = await longestTask(page, since);
    annotations.push({ type: 'longest task', description: `${preset}: ${longest} ms` });
    console.log(`longest main-thread task, ${preset}: ${longest} ms (0: none of 50 ms or more)`);
    expect(longest).toBeLessThan(GUARD_MS);
  }
});

test('a slider over 10,000 weights never holds the page up', async ({ page }, { annotations }) => {
  const folder = mkdtempSync(join(tmpdir(), 'whittle-many-'));
  try {
    const { paths } = makeLargeModel(folder, { bytes: 41e6, tensors: 10_000, files: 1 });
    await watchTasks(page);
    await page.goto('/');
    await page
      .getByLabel('Open model', { exact: true })
      .and(page.locator('input'))
      .setInputFiles(paths);
    await expect(recipe(page)).toContainText('Output size, exact');
    await expect(recipe(page).getByRole('button', { name: /^Smallest/ })).toContainText(/MB|KB/);
    const bits = recipe(page).getByRole('slider', { name: 'Bits, step 1' });
    await bits.focus();
    const size = recipe(page).locator('.big');
    const since = await now(page);
    for (const [key, value] of [
      ['End', '8'],
      ['Home', '2'],
      ['ArrowRight', '4'],
    ] as const) {
      const before = await size.getAttribute('data-value');
      await page.keyboard.press(key);
      await expect(bits).toHaveAttribute('aria-valuetext', value);
      await expect(size).not.toHaveAttribute('data-value', String(before));
    }
    const longest = await longestTask(page, since);
    annotations.push({ type: 'longest task', description: `slider: ${longest} ms` });
    console.log(`longest main-thread task, slider over 10,000 weights: ${longest} ms`);
    expect(longest).toBeLessThan(GUARD_MS);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
