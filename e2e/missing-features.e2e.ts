/** Browsers that lack things: the page opens and compresses, and says what is missing. */
import { expect, type Page, test } from '@playwright/test';
import { launchOptions } from '../scripts/chromium-args.mjs';
import { serveFiles } from './support/file-server.ts';

const { args, ...launch } = launchOptions();
/** An address that browsers do not trust as they trust localhost. */
const HTTP_HOST = 'plain-http.test';
test.use({
  launchOptions: { ...launch, args: [...args, `--host-resolver-rules=MAP ${HTTP_HOST} 127.0.0.1`] },
});

/** Scripts that run before the page's and the workers' own. */
const WITHOUT = {
  webGpu: "for (const N of ['Navigator', 'WorkerNavigator']) delete globalThis[N]?.prototype.gpu;",
  createWritable: 'delete globalThis.FileSystemFileHandle?.prototype.createWritable;',
  newer: 'delete globalThis.Float16Array; delete globalThis.requestIdleCallback;',
  locks: "for (const N of ['Navigator', 'WorkerNavigator']) delete globalThis[N]?.prototype.locks;",
  workers: 'delete globalThis.Navigator?.prototype.serviceWorker;',
  privateFiles: refused('StorageManager.prototype.getDirectory = async'),
  database: refused('IDBFactory.prototype.open ='),
  texts:
    "Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });",
};

function refused(method: string): string {
  return `${method} () => { throw new DOMException('The operation is insecure.', 'SecurityError'); };`;
}

async function without(page: Page, scripts: readonly string[]): Promise<void> {
  const script = scripts.join('\n');
  await page.addInitScript(script);
  await page.route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${script}\n${await response.text()}` });
  });
}

async function compressDigits(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Try digits' }).click();
  await page.getByRole('checkbox', { name: 'Benchmark after' }).uncheck();
  await page.getByRole('button', { name: 'Compress' }).click();
}

/** What the start screen says about this device, in one line. */
const ability = (page: Page, name: RegExp) => page.getByRole('row', { name });

test('no WebGPU, no isolation, no writing to private files', async ({ page }) => {
  await using server = await serveFiles({ '/': 'dist' });
  await without(page, [WITHOUT.webGpu, WITHOUT.createWritable, WITHOUT.newer]);
  await page.goto(server.origin);
  await expect(ability(page, /^WebGPU/)).toContainText('This browser has no WebGPU.');
  await expect(ability(page, /^WASM threads/)).toContainText(/1, .*service worker/);
  await compressDigits(page);
  await page.getByRole('button', { name: 'Compress on the CPU' }).click();
  await expect(page.getByRole('status')).toContainText(/^Compressed/);
  await expect(page.getByText('What is done in this tab is not kept.')).toBeVisible();
});

test('a private window that keeps nothing', async ({ page }) => {
  await using server = await serveFiles({ '/': 'dist' });
  const { privateFiles, database, texts, locks, workers } = WITHOUT;
  await without(page, [privateFiles, database, texts, locks, workers]);
  await page.goto(server.origin);
  const reason = 'this browser gives the page no service worker';
  await expect(ability(page, /^WASM threads/)).toContainText(`1, ${reason}`);
  await expect(ability(page, /^Without network/)).toContainText(`no, ${reason}`);
  await compressDigits(page);
  await expect(page.getByRole('status')).toContainText(/^Compressed/);
});

test('a page that came by http', async ({ page }) => {
  await using server = await serveFiles({ '/': 'dist' });
  await page.goto(server.origin.replace('localhost', HTTP_HOST));
  await expect(ability(page, /^WASM threads/)).toContainText('need https or localhost');
  await expect(ability(page, /^WebGPU/)).toContainText('https');
  await compressDigits(page);
  await page.getByRole('button', { name: 'Compress on the CPU' }).click();
  await expect(page.getByRole('status')).toContainText(/^Compressed/);
});
