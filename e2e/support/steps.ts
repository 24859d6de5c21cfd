/** Works on the recipe's cards as a person does. */
import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';

export const recipe = (page: Page): Locator => page.getByRole('region', { name: 'Recipe' });

/** The cards of the steps, in order. */
export const cards = (page: Page): Locator => recipe(page).getByRole('article');

/** Adds a step of the technique with this label. */
export async function addStep(page: Page, technique: string): Promise<void> {
  await page.getByRole('button', { name: 'Add step' }).click();
  const label = page.getByText(technique, { exact: true });
  await page.getByRole('menuitem').filter({ has: label }).click();
}

/** Presses an item of a step's menu; `step` as in "1: Round to nearest". */
export async function stepAction(page: Page, step: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `More for step ${step}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

/** Chooses among named values, such as a pattern; `name` as in "Pattern, step 1". */
export async function chooseOption(page: Page, name: string, choice: string): Promise<void> {
  const group = recipe(page).getByRole('radiogroup', { name });
  await group.getByText(choice, { exact: true }).click();
  await expect(group.getByRole('radio', { name: choice, exact: true })).toBeChecked();
}

/** Types the value of a number option; `name` as in "Rank typed, step 2". */
export async function typeOption(page: Page, name: string, value: string): Promise<void> {
  await recipe(page).getByRole('textbox', { name }).fill(value);
  await page.keyboard.press('Enter');
}

/** The file that Export recipe gives. */
export async function exportedRecipe(page: Page): Promise<string> {
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export recipe' }).click();
  return readFile(await (await waiting).path(), 'utf8');
}

/** Gives a recipe file to Import recipe; the test has called `interceptFileDialogs`. */
export async function importRecipe(page: Page, text: string): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Import recipe' }).click();
  const file = { name: 'a.recipe.json', mimeType: 'application/json', buffer: Buffer.from(text) };
  await (await choosing).setFiles(file);
}
