/**
 * Journey K: the build in a folder of a file server that sends no headers. Threads come by one
 * reload; then the page opens, compresses and measures without a network; no request leaves.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type FileServer, serveFiles } from './support/file-server.ts';
import { exportedRows } from './support/report.ts';
import { exactValue } from './support/results.ts';

const PREFIX = '/some/where/whittle/';
const threadsOf = (page: Page) => page.getByRole('row', { name: /^WASM threads/ });
const offlineOf = (page: Page) => page.getByRole('row', { name: /^Without network/ });

test.use({ serviceWorkers: 'allow' });

let server: FileServer;
let address: string;
let folder: string;
let answerAfter: (path: string) => Promise<void>;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whittle-host-'));
  await cp('dist', folder, { recursive: true });
  answerAfter = async () => undefined;
  server = await serveFiles({ [PREFIX]: folder }, (path) => answerAfter(path));
  address = server.origin + PREFIX;
});
test.afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** Opens the page for the first time, and waits until it is isolated and kept. */
async function firstVisit(page: Page): Promise<void> {
  await page.goto(address);
  await expect(offlineOf(page)).toContainText('works');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
}

test('threads after one reload, and everything without a network', async ({ page, context }) => {
  test.setTimeout(300_000);
  const requests: string[] = [];
  context.on('request', (request) => requests.push(request.url()));
  let loads = 0;
  page.on('load', () => {
    loads += 1;
  });
  await firstVisit(page);
  expect(loads).toBe(2);
  await expect(threadsOf(page)).toContainText('cross-origin isolated');

  await context.setOffline(true);
  await server.close();
  await page.reload();
  await page.getByRole('button', { name: 'Try digits' }).click();
  const threads = Math.min(8, await page.evaluate(() => navigator.hardwareConcurrency));
  expect(threads).toBeGreaterThan(1); // else this shows nothing
  await expect(page.getByRole('status')).toContainText(/^Baseline measured/, { timeout: 120_000 });
  expect(await exactValue(page, /baseline/, /Accuracy/)).toBeGreaterThan(0.9);

  await page.getByRole('checkbox', { name: 'Benchmark after' }).uncheck();
  await page.getByRole('button', { name: 'Compress' }).click();
  expect(await exactValue(page, /int4/, /^Size/)).toBeLessThan(400_000);
  const [baseline] = await exportedRows(page);
  expect(baseline?.['WASM Threads']).toBe(String(threads));

  expect(requests.filter((url) => !url.startsWith(address) && !url.startsWith('blob:'))).toEqual(
    [],
  );
});

test('a person who is quicker than the isolation is not interrupted', async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  answerAfter = (path) => (path === 'service-worker.js' ? held : Promise.resolve());
  await page.goto(address);
  await page.getByRole('button', { name: 'Try digits' }).click();
  await expect(page.getByRole('region', { name: 'Model' })).toBeVisible();
  release();
  await expect(page.getByText('WASM gets all cores after a reload.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Model' })).toBeVisible();
  await page.getByRole('button', { name: 'Reload', exact: true }).click();
  await expect(threadsOf(page)).toContainText('cross-origin isolated');
});

test('a new version waits to be asked for', async ({ page }) => {
  await firstVisit(page);
  const html = page.locator('html'); // the page sets its title itself
  await publish('<html lang="en"', '<html lang="en" data-build="newer"');
  await page.reload();
  await expect(page.getByText('A new version is ready.')).toBeVisible();
  await expect(html).not.toHaveAttribute('data-build', 'newer');
  await page.getByRole('button', { name: 'Reload', exact: true }).click();
  await expect(html).toHaveAttribute('data-build', 'newer');
  await expect(offlineOf(page)).toContainText('works');
  await expect(page.getByText('A new version is ready.')).toBeHidden();
});

/** Puts a build on the server whose page differs. */
async function publish(before: string, after: string): Promise<void> {
  const html = join(folder, 'index.html');
  await writeFile(html, (await readFile(html, 'utf8')).replace(before, after));
  const script = join(folder, 'service-worker.js');
  const listed = /(path:[`"']\.\/[`"'],version:[`"'])/;
  const text = await readFile(script, 'utf8');
  expect(text).toMatch(listed);
  await writeFile(script, text.replace(listed, '$1newer-'));
}
