/** A model of 1 GB: listed before its files are read, and hashed behind while the page answers. */
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { makeLargeModel } from '../scripts/make-large-model.mjs';
import { canMeasureMemory, rendererBytes } from './support/memory.ts';

const TENSORS = 2000;
const BYTES = 1_100_000_000; // the maker rounds to whole matrices: a gigabyte at least
/** Ten times what it may take on a quiet machine of two cores. */
const LISTED_WITHIN_MS = 30_000;
const ANSWERS_WITHIN_MS = 10_000;
const MOST_BYTES = 300_000_000;

declare global {
  var longTasks: { start: number; duration: number }[];
}

const folder = mkdtempSync(join(tmpdir(), 'whittle-large-'));
test.afterAll(() => rmSync(folder, { recursive: true }));

test('2,000 weights in two side files: listed within seconds and 300 MB, hashed behind', async ({
  page,
  browser,
}) => {
  test.setTimeout(300_000);
  const { paths, byteLength } = makeLargeModel(folder, {
    ...{ bytes: BYTES, tensors: TENSORS, files: 2 },
  });
  expect(byteLength).toBeGreaterThan(1_000_000_000);
  expect(paths).toHaveLength(3);
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Try digits' })).toBeVisible();

  const chosen = performance.now();
  await page
    .getByLabel('Open model', { exact: true })
    .and(page.locator('input'))
    .setInputFiles(paths);
  const model = page.getByRole('region', { name: 'Model' });
  const table = model.getByRole('table', { name: 'Weights' });
  await expect(table).toHaveAttribute('aria-rowcount', String(TENSORS + 1));
  const treemap = model.getByRole('img', { name: 'Where the bytes are' });
  await expect(treemap.locator('desc')).toHaveText(/^2,000 weights in/);
  const listedMs = performance.now() - chosen;
  expect(listedMs).toBeLessThan(LISTED_WITHIN_MS);
  await expect(model).toContainText('2,000, 2,000 compressible');

  let bytes = canMeasureMemory ? await rendererBytes(browser) : 0;
  const filter = model.getByRole('textbox', { name: 'Filter weights' });
  let slowestMs = 0;
  let sessions = await keptSessions(page);
  expect(sessions, 'a gigabyte takes longer to hash than its names to list').toEqual([]);
  for (let round = 0; sessions.length === 0; round += 1) {
    const asked = performance.now();
    await filter.fill(`layers.${round % TENSORS}.`);
    await expect(table).not.toHaveAttribute('aria-rowcount', String(TENSORS + 1));
    await filter.fill('');
    await expect(table).toHaveAttribute('aria-rowcount', String(TENSORS + 1));
    slowestMs = Math.max(slowestMs, performance.now() - asked);
    if (canMeasureMemory) bytes = Math.max(bytes, await rendererBytes(browser));
    await page.waitForTimeout(1000);
    sessions = await keptSessions(page);
  }
  const hashedMs = performance.now() - chosen;
  expect(sessions, 'the page and Node read the same bytes').toEqual([await identityOf(paths)]);
  expect(slowestMs).toBeLessThan(ANSWERS_WITHIN_MS);
  const words = [
    `listed in ${(listedMs / 1000).toFixed(2)} s`,
    `hashed in ${(hashedMs / 1000).toFixed(1)} s`,
    `at most ${(bytes / 1e6).toFixed(0)} MB`,
    `slowest answer ${slowestMs.toFixed(0)} ms`,
  ];
  console.log(words.join(', '));
  test.skip(!canMeasureMemory, 'only Linux says what memory a page shares with others');
  expect(bytes).toBeGreaterThan(10_000_000);
  expect(bytes).toBeLessThan(MOST_BYTES);
});

const MANY = 10_000;
/** Ten times the 50 ms that the product promises: a busy machine must not fail this. */
const GUARD_MS = 500;

test('10,000 weights are filtered, sorted, chosen and overridden without holding the page up', async ({
  page,
}) => {
  test.setTimeout(300_000);
  const many = join(folder, 'many');
  const { paths } = makeLargeModel(many, { bytes: 4 * 4096 * MANY, tensors: MANY, files: 1 });
  await page.addInitScript(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime: start, duration } of list.getEntries()) {
        globalThis.longTasks.push({ start, duration });
      }
    }).observe({ type: 'longtask' });
  });
  await page.goto('/');
  await page
    .getByLabel('Open model', { exact: true })
    .and(page.locator('input'))
    .setInputFiles(paths);
  const recipe = page.getByRole('region', { name: 'Recipe' });
  await expect(recipe).toContainText('Output size, exact');
  const cancel = page.getByRole('button', { name: 'Cancel' });
  if (await cancel.isVisible()) await cancel.click();
  await expect(cancel).toHaveCount(0);
  const model = page.getByRole('region', { name: 'Model' });
  const table = model.getByRole('table', { name: 'Weights' });
  const chosen = model.getByRole('region', { name: 'Selected weight' });
  const longest = async (what: string, act: () => Promise<void>) => {
    const since = await page.evaluate(() => performance.now());
    await act();
    const tasks = await page.evaluate(
      (from) => globalThis.longTasks.filter(({ start }) => start >= from).map((it) => it.duration),
      since,
    );
    const most = Math.max(0, ...tasks);
    console.log(`longest main-thread task, ${what}: ${most} ms (0: none of 50 ms or more)`);
    expect(most, what).toBeLessThan(GUARD_MS);
  };
  await longest('filter', async () => {
    const filter = model.getByRole('textbox', { name: 'Filter weights' });
    await filter.pressSequentially('layers.77');
    await expect(table).toHaveAttribute('aria-rowcount', '112');
    await filter.fill('');
    await expect(table).toHaveAttribute('aria-rowcount', String(MANY + 1));
  });
  await longest('sort', async () => {
    for (const name of ['Weight', 'Planned', '%', 'MB']) {
      const head = table.getByRole('columnheader', { name: new RegExp(`^${name}`) });
      await head.getByRole('button').click();
      await expect(head).toHaveAttribute('aria-sort', /ending/);
    }
  });
  await longest('choose', async () => {
    await table.getByRole('row').nth(2).click();
    await page.keyboard.press('End');
    await expect(table.getByRole('row', { name: /layers\.\d+\.weight/ }).last()).toBeFocused();
    await page.keyboard.press('Shift+PageUp');
    await expect(chosen).toContainText('9 weights');
  });
  await longest('override', async () => {
    await chosen.getByRole('button', { name: 'Override' }).click();
    await page.getByRole('menuitem', { name: 'int8 block 32', exact: true }).click();
    await expect(recipe.getByRole('article').first()).toContainText('9 of 10,000');
  });
  await longest('blocks', async () => {
    await model.getByText('Blocks', { exact: true }).click();
    await expect(model.getByRole('treegrid', { name: 'Blocks' })).toContainText('layer 0…9999');
  });
});

/** Identities of the models that the page keeps: it lists one as soon as it is hashed. */
const keptSessions = (page: Page): Promise<readonly string[]> =>
  page.evaluate(
    () =>
      new Promise<string[]>((resolve, reject) => {
        const opening = indexedDB.open('whittle');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const database = opening.result;
          const request = database.transaction('sessions').objectStore('sessions').getAllKeys();
          request.onerror = () => reject(request.error);
          request.onsuccess = () => {
            database.close();
            resolve(request.result.map(String));
          };
        };
      }),
  );

/** SHA-256 of the lines "name length SHA-256" of all files, sorted. */
async function identityOf(paths: readonly string[]): Promise<string> {
  const lines = await Promise.all(
    paths.map(async (path) => {
      const hash = createHash('sha256');
      for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 22 })) {
        hash.update(chunk);
      }
      return `${basename(path)} ${statSync(path).size} ${hash.digest('hex')}\n`;
    }),
  );
  return createHash('sha256').update(lines.sort().join('')).digest('hex');
}
