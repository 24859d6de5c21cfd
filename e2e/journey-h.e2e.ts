/** Journey H: from first visit to a shared link, and from the link back to the same bytes. */
import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { interceptFileDialogs } from './support/file-dialog.ts';
import { tabTo } from './support/keyboard.ts';
import { copiedLink } from './support/links.ts';
import { runRow } from './support/results.ts';
import { watchViolations } from './support/violations.ts';

const DIGITS = fileURLToPath(new URL('../public/samples/digits', import.meta.url));
const OTHER = fileURLToPath(new URL('../public/samples/sentiment-tiny', import.meta.url));
const RUN = /int4/;
/** A software adapter takes its time. */
const SLOWEST_MS = 200_000;

const compared = (page: Page) => page.getByRole('table', { name: 'Theirs and yours' });
const digests = (page: Page) =>
  compared(page)
    .locator('[data-sha256]')
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-sha256')));

/** The exact share of the finished run, once its benchmark has ended. */
async function measuredAccuracy(page: Page): Promise<string | null> {
  const cell = runRow(page, RUN).locator('[data-label="Accuracy"]');
  await expect(cell).toHaveAttribute('data-value', /\d/, { timeout: SLOWEST_MS });
  await expect(page.getByRole('button', { name: 'Copy share link' })).toBeVisible();
  return cell.getAttribute('data-value');
}

test('three clicks to a link; another profile refuses another model and reproduces the bytes', async ({
  page,
  browser,
}) => {
  test.setTimeout(600_000);
  let clicks = 0;
  const click = async (name: string | RegExp) => {
    clicks += 1;
    await page.getByRole('button', { name }).click();
  };
  await page.goto('/');
  await click('Try digits');
  await click('Compress');
  const accuracy = await measuredAccuracy(page);
  const link = await copiedLink(page, () => click('Copy share link'));
  expect(clicks).toBeLessThan(10);
  expect(link).toMatch(/^http:\/\/localhost:\d+\/#r=[\w-]+$/);
  expect(link.length).toBeLessThan(8192);
  const fresh = await browser.newContext();
  const visitor = await fresh.newPage();
  const violations = await watchViolations(visitor);
  const outside: string[] = [];
  visitor.on('request', (request) => {
    if (!/^(blob:)?http:\/\/localhost/.test(request.url())) outside.push(request.url());
  });
  await visitor.goto(link);
  await expect(compared(visitor)).toContainText('not measured');
  await expect(visitor.getByText('A link can be edited')).toBeVisible();
  await expect(visitor.getByRole('region', { name: 'Recipe' })).toContainText('"whittle-recipe"');
  const claimed = compared(visitor)
    .getByRole('row', { name: /^Accuracy/ })
    .locator('td')
    .nth(1);
  expect(await claimed.getAttribute('data-value')).toBe(accuracy);
  await expect(visitor.getByRole('status')).toContainText('Nothing was run');

  await visitor.getByLabel('Open model', { exact: true }).setInputFiles(`${OTHER}/model.onnx`);
  const refusal = visitor.getByRole('alert');
  await expect(refusal).toContainText('model.onnx is another model');
  await expect(
    refusal.getByRole('button', { name: 'Use this recipe on this model' }),
  ).toBeVisible();
  await expect(visitor.getByRole('button', { name: 'Reproduce' })).toHaveCount(0);

  const files = ['model.onnx', 'test.npz', 'config.json'].map((name) => `${DIGITS}/${name}`);
  await visitor.getByLabel('Open model', { exact: true }).setInputFiles(files);
  await visitor.getByRole('button', { name: 'Reproduce' }).click();
  await expect(visitor.getByText('Same bytes.')).toBeVisible({ timeout: SLOWEST_MS });
  await expect(compared(visitor).getByRole('row', { name: /^Accuracy/ })).not.toContainText(
    /measured/,
    { timeout: SLOWEST_MS },
  );
  const [theirs, yours] = await digests(visitor);
  expect(theirs).toMatch(/^[0-9a-f]{64}$/);
  expect(yours).toBe(theirs);
  const own = compared(visitor)
    .getByRole('row', { name: /^Accuracy/ })
    .locator('td')
    .nth(2);
  expect(await own.getAttribute('data-value')).toBe(accuracy);
  await expect(visitor.getByRole('figure', { name: 'Trade-off chart' })).toContainText(
    'Filled: yours',
  );
  expect(outside, 'nothing leaves the tab').toEqual([]);
  expect(violations).toEqual([]);
  await fresh.close();
});

test('by keyboard alone: seven keys to a link, and back', async ({ page, browser }) => {
  test.setTimeout(600_000);
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Try digits' })).toBeVisible();
  let keys = 0;
  const press = async (key: string) => {
    keys += 1;
    await page.keyboard.press(key);
  };
  for (const card = page.getByRole('button', { name: 'Try digits' }); keys < 9; ) {
    if (await card.evaluate((element) => element === document.activeElement)) break;
    await press('Tab');
  }
  await press('Enter');
  await expect(page.getByRole('button', { name: 'Compress' })).toBeEnabled();
  await page.getByRole('checkbox', { name: 'Benchmark after' }).uncheck(); // the other test measures
  await press('Control+Enter');
  await expect(page.getByRole('button', { name: 'Copy share link' })).toBeVisible();
  const link = await copiedLink(page, () => press('s'));
  expect(keys).toBeLessThan(10);

  const fresh = await browser.newContext();
  const visitor = await fresh.newPage();
  interceptFileDialogs(visitor);
  await visitor.goto(link);
  await expect(compared(visitor)).toBeVisible();
  const choosing = visitor.waitForEvent('filechooser');
  await visitor.keyboard.press('o');
  await (await choosing).setFiles(`${DIGITS}/model.onnx`);
  const reproduce = visitor.getByRole('button', { name: 'Reproduce' });
  await expect(reproduce).toBeVisible();
  await tabTo(visitor, reproduce);
  await visitor.keyboard.press('Enter');
  await expect(visitor.getByText('Same bytes.')).toBeVisible({ timeout: SLOWEST_MS });
  await fresh.close();
});
