/** The page answers while the engine works: long tasks of its main thread, in the browser's words. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runRow } from './support/results.ts';

const { WHITTLE_SAMPLES = '' } = process.env;
const FOLDER = join(WHITTLE_SAMPLES, 'sentiment-minilm');
/** Ten times the 50 ms that the product promises: a busy machine must not fail this. */
const GUARD_MS = 500;

declare global {
  var longTasks: { start: number; duration: number }[];
}

test('compressing 91 MB never holds the page up', async ({ page }, { annotations }) => {
  test.skip(!WHITTLE_SAMPLES || !existsSync(FOLDER), 'WHITTLE_SAMPLES has no sentiment-minilm');
  await page.addInitScript(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime: start, duration } of list.getEntries()) {
        globalThis.longTasks.push({ start, duration });
      }
    }).observe({ type: 'longtask' });
  });
  await page.goto('/');
  await page.getByLabel('Open folder', { exact: true }).setInputFiles(FOLDER);
  await page.getByRole('checkbox', { name: 'Benchmark after' }).uncheck();
  const presets = ['Smallest', 'Small, stays close', 'Half the bytes'];
  for (const [index, preset] of presets.entries()) {
    await page.getByRole('button', { name: new RegExp(`^${preset}`) }).click();
    const since = await page.evaluate(() => performance.now());
    await page.getByRole('button', { name: 'Compress' }).click();
    await expect(runRow(page, /int\d|fp16/)).toHaveCount(index + 1);
    await expect(page.getByRole('status')).toContainText('Not measured yet');
    const durations = await page.evaluate(
      (from) => globalThis.longTasks.filter(({ start }) => start >= from).map((it) => it.duration),
      since,
    );
    const longest = Math.max(0, ...durations);
    annotations.push({ type: 'longest task', description: `${preset}: ${longest} ms` });
    console.log(`longest main-thread task, ${preset}: ${longest} ms (0: none of 50 ms or more)`);
    expect(longest).toBeLessThan(GUARD_MS);
  }
});
