/**
 * axe on every state, light and dark, and a walk through Chromium's accessibility tree; no sideways
 * scrolling at 200 % zoom and on a phone.
 */
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { treeFindings } from './support/ax-tree.ts';
import { copiedLink } from './support/links.ts';

/** In both colour schemes: they differ in tokens only, so one walk shows every state. */
async function expectClean(page: Page, state: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`);
    expect(found, `${state}, ${colorScheme}`).toEqual([]);
  }
  await expectReadable(page, state);
}

/** Where other journeys ask axe. */
async function expectReadable(page: Page, state: string): Promise<void> {
  expect(await treeFindings(page), `${state}, as it is read`).toEqual([]);
}

const isWide = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

test('start, workbench, compressing and results are clean', async ({ page }) => {
  test.setTimeout(600_000);
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Try digits' })).toBeVisible();
  await expectClean(page, 'start');
  await page.keyboard.press('?');
  await expectReadable(page, 'keys');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Try digits' }).click();
  await expect(page.getByRole('region', { name: 'Results' })).toBeVisible();
  await expectClean(page, 'workbench');
  const model = page.getByRole('region', { name: 'Model' });
  await model.getByRole('button', { name: /^Graph/ }).click();
  await model.getByText('Blocks', { exact: true }).click();
  await model.getByRole('treegrid').getByRole('row').nth(1).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('button', { name: 'Override' }).click();
  await expectClean(page, 'the graph, a block that is open, and what it may be given');
  await page.keyboard.press('Escape');
  await model.getByText('List', { exact: true }).click();
  await page.getByRole('button', { name: 'Add step' }).click();
  await expectClean(page, 'techniques to add');
  await page.getByRole('menuitem', { name: /^Magnitude pruning/ }).click();
  await page.getByRole('combobox', { name: 'Weights, step 1' }).selectOption('by name…');
  await page.getByRole('textbox', { name: 'Name pattern, step 1' }).fill('re:(');
  await page.getByRole('button', { name: 'More for step 1' }).click();
  await expectClean(page, "a step's menu, and a pattern that is wrong");
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Compress' }).click();
  await expect(page.getByRole('progressbar').first()).toBeVisible();
  await expectClean(page, 'running');
  await expect(page.getByRole('button', { name: 'Download', exact: true })).toBeVisible({
    timeout: 200_000,
  });
  await expect(page.getByRole('button', { name: 'Compress' })).toBeVisible({ timeout: 200_000 });
  await expectClean(page, 'results');
  for (const name of ['Rows', 'Weights', 'Operators', 'Try it']) {
    await page.getByRole('tab', { name }).click();
    await expectReadable(page, `tab ${name}`);
  }
  await page.getByRole('button', { name: 'Show as table' }).click();
  await expectReadable(page, 'the chart as a table');
  await page.getByRole('button', { name: 'More for the recipe' }).click();
  await page.getByRole('menuitem', { name: 'Recipe as JSON' }).click();
  await expectReadable(page, 'the recipe as JSON');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Use this file' }).click();
  await expectReadable(page, 'how the file is used');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('menuitem', { name: /^Hugging Face/ }).click();
  await expectReadable(page, 'the repository');
  await page.keyboard.press('Escape');
  const share = page.getByRole('button', { name: 'Copy share link' });
  const link = await copiedLink(page, () => share.click());
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.getByText('A link can be edited')).toBeVisible();
  await expectReadable(page, 'a shared link');
});

test('a file that cannot be opened, and a link that cannot be read, are clean', async ({
  page,
}) => {
  await page.goto('/');
  const input = page.getByLabel('Open model', { exact: true }).and(page.locator('input'));
  const buffer = readFileSync('golden/onnx/malformed/gguf.onnx');
  await input.setInputFiles({ name: 'reviews.onnx', mimeType: '', buffer });
  await expect(page.getByText('reviews.onnx is a GGUF file, not ONNX').first()).toBeVisible();
  await expectClean(page, 'a refused file');
  await page.goto('about:blank');
  await page.goto('/#r=abc');
  await expect(page.getByRole('status')).toContainText('link');
  await expectClean(page, 'a broken link');
});

for (const [what, width, height] of [
  ['a phone', 390, 844],
  ['200 % zoom', 720, 450],
] as const) {
  test(`nothing scrolls sideways on ${what}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await page.goto('/');
    await expect(page.getByRole('button', { name: 'Try digits' })).toBeVisible();
    expect(await isWide(page)).toBe(false);
    await page.getByRole('button', { name: 'Try digits' }).click();
    for (const name of ['Model', 'Recipe', 'Results']) {
      await expect(page.getByRole('region', { name })).toBeAttached();
    }
    expect(await isWide(page)).toBe(false);
    // Size and Compress are a line there, so that the steps have the screen.
    await page.getByRole('button', { name: / → / }).click();
    await expect(page.getByRole('textbox', { name: 'Budget' })).toBeVisible();
    await page.getByRole('button', { name: 'Less of size and budget' }).click();
    await expect(page.getByRole('textbox', { name: 'Budget' })).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Compress' })).toBeVisible();
    expect(await isWide(page)).toBe(false);
  });
}
