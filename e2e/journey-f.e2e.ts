/** Journey F: a recipe of three steps goes out, and gives the same bytes in a profile that never saw it. */
import { type Browser, expect, type Page, test } from '@playwright/test';
import { interceptFileDialogs } from './support/file-dialog.ts';
import { exportedReport } from './support/report.ts';
import { results } from './support/results.ts';
import {
  addStep,
  cards,
  chooseOption,
  exportedRecipe,
  importRecipe,
  recipe,
  typeOption,
} from './support/steps.ts';

/** A page with storage of its own and the sample open. */
async function freshPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  interceptFileDialogs(page);
  await page.goto('/');
  await page.getByRole('button', { name: 'Try digits' }).click();
  await expect(recipe(page)).toContainText('Output size, exact');
  await page.getByRole('checkbox', { name: 'Benchmark after' }).uncheck();
  return page;
}

/** Compresses, and gives what the exported report says of the output. */
async function outputOf(page: Page) {
  await page.getByRole('button', { name: 'Compress' }).click();
  await expect(page.getByRole('status')).toContainText('Not measured yet', { timeout: 200_000 });
  await expect(results(page).getByRole('row')).toHaveCount(3);
  return exportedReport(page);
}

test('three steps out of one profile and into another: one SHA-256', async ({ browser }) => {
  test.setTimeout(600_000);
  const here = await freshPage(browser);
  await addStep(here, 'Magnitude pruning');
  await typeOption(here, 'Sparsity typed, step 1', '30');
  await addStep(here, 'Low rank (SVD)');
  await chooseOption(here, 'Rank by, step 2', 'rank');
  await typeOption(here, 'Rank typed, step 2', '24');
  await here.getByRole('button', { name: 'More for step 4' }).click();
  await here.getByRole('menuitem', { name: 'Remove' }).click();
  await expect(cards(here)).toHaveCount(3);
  const file = await exportedRecipe(here);
  const sent = JSON.parse(file);
  expect(sent.steps).toHaveLength(3);
  const mine = await outputOf(here);

  const there = await freshPage(browser);
  await importRecipe(there, file);
  await expect(recipe(there)).toContainText(sent.name);
  expect(await exportedRecipe(there)).toBe(file);
  const theirs = await outputOf(there);

  expect(theirs.model.sha256).toBe(mine.model.sha256);
  expect(theirs.output.files.map(({ sha256 }) => sha256)).toEqual(
    mine.output.files.map(({ sha256 }) => sha256),
  );
  expect(mine.output.files[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(theirs.recipe).toEqual(sent);
  await there.context().close();
  await here.context().close();
});
