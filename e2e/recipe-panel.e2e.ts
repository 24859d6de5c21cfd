/** The recipe's panel beyond its steps: undo, disable, budget, fixes, presets, Analyse, name and JSON. */
import { expect, type Page, test } from '@playwright/test';
import { tabTo } from './support/keyboard.ts';
import { exactValue } from './support/results.ts';
import { addStep, cards, exportedRecipe, recipe, stepAction } from './support/steps.ts';

const bits = (page: Page) => recipe(page).getByRole('slider', { name: 'Bits, step 1' });
const button = (page: Page, name: string | RegExp) => recipe(page).getByRole('button', { name });

/** The exact bytes of the size readout. */
const size = async (page: Page): Promise<number> =>
  Number(await recipe(page).locator('.big').getAttribute('data-value'));

async function open(page: Page, sample: 'digits' | 'sentiment'): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: `Try ${sample}` }).click();
  await expect(recipe(page)).toContainText('Output size, exact');
}

test('what is done is undone and done again by keyboard, a drag at once', async ({ page }) => {
  await open(page, 'sentiment');
  const original = await exportedRecipe(page);
  const before = await size(page);
  await expect(button(page, 'Undo')).toHaveAttribute('aria-disabled', 'true');

  const thumb = await bits(page).boundingBox();
  const track = await recipe(page).locator('.sl-track-box').first().boundingBox();
  if (!thumb || !track) throw new Error('no slider');
  const y = thumb.y + thumb.height / 2;
  await page.mouse.move(thumb.x + thumb.width / 2, y);
  await page.mouse.down();
  for (const share of [0.2, 0, 0.4, 0.7, 1])
    await page.mouse.move(track.x + share * track.width, y);
  await page.mouse.up();
  await expect(bits(page)).toHaveAttribute('aria-valuetext', '8');
  await expect.poll(() => size(page)).not.toBe(before);
  await stepAction(page, '2', 'Remove');
  await expect(cards(page)).toHaveCount(1);

  await page.keyboard.press('Control+z');
  await expect(cards(page)).toHaveCount(2);
  await page.keyboard.press('Control+z');
  await expect(bits(page)).toHaveAttribute('aria-valuetext', '4');
  await expect.poll(() => size(page)).toBe(before);
  expect(await exportedRecipe(page)).toBe(original);
  await expect(button(page, 'Undo')).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Control+Shift+z');
  await expect(bits(page)).toHaveAttribute('aria-valuetext', '8');
  await button(page, 'Redo').click();
  await expect(cards(page)).toHaveCount(1);
  await expect(page.getByRole('status')).toContainText('Redone. The recipe is');

  // Text has its own way back.
  const budget = recipe(page).getByRole('textbox', { name: 'Budget' });
  await budget.pressSequentially('12');
  await page.keyboard.press('Control+z');
  await expect(cards(page)).toHaveCount(1);
});

test('a disabled step stays, counts for nothing, and comes back as it was', async ({ page }) => {
  await open(page, 'sentiment');
  const original = await exportedRecipe(page);
  const before = await size(page);
  await stepAction(page, '2', 'Disable');
  await expect(cards(page).nth(1)).toContainText('Disabled: left out of plan and runs.');
  await expect.poll(() => size(page)).toBeGreaterThan(before);
  expect(JSON.parse(await exportedRecipe(page)).steps[1]).toMatchObject({ enabled: false });
  // Most of this file is the table that the step was for.
  await expect(recipe(page)).toContainText('of the file is left alone: no step selects');
  await button(page, 'Add an 8-bit step').click();
  await expect(cards(page)).toHaveCount(3);
  await expect.poll(() => size(page)).toBe(before);
  await stepAction(page, '3', 'Remove');
  await button(page, 'Enable step 2').click();
  await expect.poll(() => size(page)).toBe(before);
  expect(await exportedRecipe(page)).toBe(original);
});

test('a card is dragged over its neighbour, as one edit', async ({ page }) => {
  await open(page, 'sentiment');
  const handle = await cards(page).first().locator('.grip').boundingBox();
  const other = await cards(page).nth(1).boundingBox();
  if (!handle || !other) throw new Error('no cards');
  await page.mouse.move(handle.x + 6, handle.y + 6);
  await page.mouse.down();
  await page.mouse.move(handle.x + 6, handle.y + 20);
  await page.mouse.move(handle.x + 6, other.y + other.height * 0.75, { steps: 4 });
  await page.mouse.up();
  await expect(cards(page).first()).toContainText('op is Gather');
  await button(page, 'Undo').click();
  await expect(cards(page).first()).toContainText('op is MatMul');
  await expect(button(page, 'Undo')).toHaveAttribute('aria-disabled', 'true');
});

test('a warning offers its remedy, and what fits a budget is offered', async ({ page }) => {
  await open(page, 'sentiment');
  await bits(page).press('Home');
  await expect(cards(page).first()).toContainText('2 bit falls to a slow kernel on WebGPU.');
  await button(page, /^\d+ warnings$/).press('Enter');
  await expect(cards(page).first().locator('.note').first()).toBeFocused();
  const speed = page.getByRole('columnheader', { name: 'WASM speed' }).getByRole('button');
  await expect(speed).toHaveAccessibleDescription(/p50, the median time/);
  await tabTo(page, speed);
  await expect(page.getByRole('tooltip')).toContainText('p50, the median time');
  await button(page, 'Use 4 bits, step 1').click();
  await expect(bits(page)).toHaveAttribute('aria-valuetext', '4');
  await expect(cards(page).first()).toBeFocused(); // its button is gone
  await expect(cards(page).first()).not.toContainText('2 bit');
  const blocks = recipe(page).getByRole('slider', { name: 'Block size, step 1' });
  await blocks.press('End');
  await expect(cards(page).first()).toContainText('takes blocks of 16 to 256');
  await button(page, 'Use block size 32, step 1').click();
  await expect(blocks).toHaveAttribute('aria-valuetext', '32');

  const budget = recipe(page).getByRole('textbox', { name: 'Budget' });
  await budget.fill('a lot');
  await expect(recipe(page)).toContainText('Allowed: a size such as 25 MB or 800 KB');
  await budget.fill('1 MB');
  await budget.press('Enter');
  await expect(recipe(page)).toContainText(/over by \d/);
  await button(page, /^Smallest fits: /).click();
  await expect(recipe(page)).toContainText('to spare');
  await expect(budget).toBeFocused();
  await expect(button(page, 'Smallest').first()).toHaveAttribute('aria-pressed', 'true');
  expect(await size(page)).toBeLessThanOrEqual(1e6);

  await button(page, 'Use target WASM, step 1').click();
  await expect(page.getByRole('radiogroup', { name: 'Target' }).getByLabel('WASM')).toBeChecked();
  // A preset stays itself on another target.
  await expect(button(page, 'Smallest').first()).toHaveAttribute('aria-pressed', 'true');
});

test('presets say what they do to this model; name and JSON are the recipe', async ({ page }) => {
  await open(page, 'digits');
  await expect(button(page, 'Half the bytes')).toContainText('fp16 weights');
  await expect(button(page, 'Small, stays close')).toContainText('int8 convolutions');
  await expect(recipe(page)).not.toContainText('embeddings');

  await button(page, /^Rename recipe/).click();
  await page.keyboard.type('for the phone');
  await page.keyboard.press('Enter');
  await expect(button(page, 'Rename recipe for the phone')).toBeFocused();
  await bits(page).press('End');
  await expect(button(page, 'Rename recipe for the phone')).toBeVisible();

  await button(page, 'More for the recipe').click();
  await page.getByRole('menuitem', { name: 'Recipe as JSON' }).click();
  const dialog = page.getByRole('dialog', { name: 'Recipe as JSON' });
  await dialog.getByRole('textbox', { name: 'Seed typed, recipe' }).fill('7');
  await page.keyboard.press('Enter');
  const shown = await dialog.getByRole('region', { name: 'Steps as JSON' }).innerText();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  const file = await exportedRecipe(page);
  expect(JSON.parse(shown)).toEqual(JSON.parse(file));
  expect(JSON.parse(file)).toMatchObject({ name: 'for the phone', seed: 7 });
});

test('Analyse makes an upper bound exact, by keyboard, and Compress comes to just that', async ({
  page,
}) => {
  await open(page, 'digits');
  await page.getByRole('checkbox', { name: 'Benchmark after' }).uncheck();
  await addStep(page, 'Low rank (SVD)');
  await expect(recipe(page)).toContainText('Output size, at most');
  const bound = await size(page);
  await tabTo(page, button(page, 'Analyse'));
  await page.keyboard.press('Enter');
  await expect(recipe(page)).toContainText('Output size, exact');
  await expect(button(page, /^Compress/)).toBeFocused();
  await expect(page.getByRole('status')).toContainText(/^Analysed .+ exactly\.$/);
  const exact = await size(page);
  expect(exact).toBeLessThan(bound);
  await expect(recipe(page)).toContainText('Time not known yet');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('status')).toContainText('Not measured yet');
  expect(await exactValue(page, /rank by energy/, /^Size/)).toBe(exact);
  await recipe(page).getByRole('slider', { name: 'Bits, step 2' }).press('End');
  await expect(recipe(page)).toContainText('Output size, at most');
  await expect(recipe(page)).toContainText(/About \d/);
});

test('the budget is there again after a reload', async ({ page }) => {
  await open(page, 'digits');
  await recipe(page).getByRole('textbox', { name: 'Budget' }).fill('50 KB');
  await page.keyboard.press('Enter');
  await stepAction(page, '2', 'Disable');
  await page.waitForTimeout(1500); // kept when it has come to rest
  await page.reload();
  await page
    .getByRole('button', { name: /^Continue/ })
    .first()
    .click();
  await expect(recipe(page).getByRole('textbox', { name: 'Budget' })).toHaveValue('50.0 KB');
  await expect(cards(page).nth(1)).toContainText('Disabled');
});
