/** axe on every state, light and dark; no sideways scrolling at 200 % zoom and on a phone. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';

/** In both colour schemes: they differ in tokens only, so one walk shows every state. */
async function expectClean(page: Page, state: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`);
    expect(found, `${state}, ${colorScheme}`).toEqual([]);
  }
}

const isWide = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

test('start, workbench, compressing and results are clean', async ({ page }) => {
  test.setTimeout(300_000);
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Try digits' })).toBeVisible();
  await expectClean(page, 'start');
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
  });
}
