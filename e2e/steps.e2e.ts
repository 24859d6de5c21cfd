/** Steps of a recipe: added, changed, moved and removed by mouse and by keyboard; out to a file and back. */
import { expect, type Locator, type Page, test } from '@playwright/test';
import { interceptFileDialogs } from './support/file-dialog.ts';
import { tabTo } from './support/keyboard.ts';
import {
  addStep,
  cards,
  chooseOption,
  exportedRecipe,
  importRecipe,
  recipe,
  stepAction,
  typeOption,
} from './support/steps.ts';

const slider = (page: Page, name: string) => recipe(page).getByRole('slider', { name });
const named = (page: Page, name: string) => expect(recipe(page)).toContainText(name);

/** What the steps are, in order. */
const order = async (page: Page, ...techniques: readonly string[]) => {
  await expect(cards(page)).toHaveCount(techniques.length);
  const names = await cards(page).evaluateAll((all) =>
    all.map((card) => card.getAttribute('aria-label')),
  );
  expect(names).toEqual(techniques.map((technique, index) => `Step ${index + 1}: ${technique}`));
};

test.beforeEach(async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Try digits' }).click();
  await expect(recipe(page)).toContainText('Output size, exact');
});

test('steps by mouse: families keep their order, and nothing of a step is lost', async ({
  page,
}) => {
  interceptFileDialogs(page);
  await order(page, 'Round to nearest', 'Round to nearest');
  await addStep(page, 'Low rank (SVD)');
  await addStep(page, 'Magnitude pruning');
  await order(page, 'Magnitude pruning', 'Low rank (SVD)', 'Round to nearest', 'Round to nearest');
  await expect(cards(page).first()).toBeFocused();

  await expect(slider(page, 'Sparsity, step 1: Magnitude pruning')).toBeVisible();
  await chooseOption(page, 'Pattern, step 1: Magnitude pruning', '2:4');
  await expect(slider(page, 'Sparsity, step 1: Magnitude pruning')).toHaveCount(0);
  await named(page, '2:4 + rank by energy 95 %');

  await chooseOption(page, 'Rank by, step 2: Low rank (SVD)', 'rank');
  await typeOption(page, 'Rank typed, step 2', '24');
  await expect(slider(page, 'Rank, step 2: Low rank (SVD)')).toHaveAttribute(
    'aria-valuetext',
    '24',
  );
  await named(page, '2:4 + rank 24');

  await stepAction(page, '4: Round to nearest', 'Move up');
  await expect(page.getByRole('button', { name: 'More for step 3' })).toBeFocused();
  await stepAction(page, '1: Magnitude pruning', 'Duplicate');
  await order(
    page,
    ...['Magnitude pruning', 'Magnitude pruning', 'Low rank (SVD)'],
    ...['Round to nearest', 'Round to nearest'],
  );
  const fileA = await exportedRecipe(page);

  await recipe(page)
    .getByRole('combobox', { name: 'Technique, step 3' })
    .selectOption({ label: 'Store as fp16' });
  await order(
    page,
    ...['Magnitude pruning', 'Magnitude pruning'],
    ...['Round to nearest', 'Round to nearest', 'Store as fp16'],
  );
  await expect(page.getByRole('combobox', { name: 'Technique, step 5' })).toBeFocused();
  for (const step of ['5: Store as fp16', '1: Magnitude pruning', '1: Magnitude pruning']) {
    await stepAction(page, step, 'Remove');
  }
  await order(page, 'Round to nearest', 'Round to nearest');

  await importRecipe(page, fileA);
  await expect(cards(page)).toHaveCount(5);
  expect(await exportedRecipe(page)).toBe(fileA);
  for (let left = 5; left > 0; left--) {
    await expect(cards(page)).toHaveCount(left);
    await stepAction(page, '1', 'Remove');
  }
  await expect(page.getByRole('button', { name: 'Add step' })).toBeFocused();
  await named(page, 'No steps: the file stays as it is.');
});

const isFocused = (place: Locator) => place.evaluate((it) => it === document.activeElement);

test('steps by keyboard alone', async ({ page }) => {
  await tabTo(page, page.getByRole('button', { name: 'Add step' }));
  await page.keyboard.press('Enter');
  const item = page.getByRole('menuitem', { name: /^Magnitude pruning/ });
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  for (let i = 0; i < 60 && !(await isFocused(item)); i++) await page.keyboard.press('ArrowDown');
  await expect(item).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(
    page.getByRole('menuitem', { name: 'Han 2015, paper of Magnitude pruning' }),
  ).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await order(page, 'Magnitude pruning', 'Round to nearest', 'Round to nearest');
  await expect(cards(page).first()).toBeFocused();

  const sparsity = slider(page, 'Sparsity, step 1: Magnitude pruning');
  await tabTo(page, sparsity);
  const value = (text: string) => expect(sparsity).toHaveAttribute('aria-valuetext', text);
  await value('50 %');
  for (const [key, text] of [
    ['ArrowRight', '55 %'],
    ['ArrowDown', '50 %'],
    ['PageUp', '60 %'],
    ['PageDown', '50 %'],
    ['End', '95 %'],
    ['Home', '0 %'],
  ] as const) {
    await page.keyboard.press(key);
    await value(text);
  }
  await page.keyboard.press('Tab');
  await page.keyboard.type('120');
  await expect(recipe(page)).toContainText('Allowed: 0 % to 95 %');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('37,5');
  await page.keyboard.press('Enter');
  await value('37.5 %');
  await named(page, '37.5 % pruned');

  // The second of two steps of a family goes first, and its card keeps the focus.
  await tabTo(page, page.getByRole('combobox', { name: 'Technique, step 3' }));
  await page.keyboard.press('Alt+ArrowUp');
  await expect(cards(page).nth(1)).toBeFocused();
  await expect(cards(page).nth(1)).toContainText('op is Conv');
  await page.keyboard.press('Alt+ArrowUp');
  await expect(cards(page).nth(1)).toBeFocused();
  await order(page, 'Magnitude pruning', 'Round to nearest', 'Round to nearest');

  await tabTo(page, page.getByRole('button', { name: 'More for step 2' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Duplicate' })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('menuitem', { name: 'Remove' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'More for step 2' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Duplicate' })).toBeFocused();
  await page.keyboard.press('R');
  await expect(page.getByRole('menuitem', { name: 'Remove' })).toBeFocused();
  await page.keyboard.press('Enter');
  await order(page, 'Magnitude pruning', 'Round to nearest');
  await expect(page.getByRole('button', { name: 'More for step 2' })).toBeFocused();
});

test('weights are chosen by name; a wrong pattern says why and changes nothing', async ({
  page,
}) => {
  const weights = recipe(page).getByRole('combobox', { name: 'Weights, step 1' });
  await weights.selectOption('by name…');
  const name = recipe(page).getByRole('textbox', { name: 'Name pattern, step 1' });
  await expect(name).toBeFocused();
  await name.fill('*hidden*');
  await expect(cards(page).first()).toContainText('1 of');
  const before = JSON.parse(await exportedRecipe(page));
  expect(before.steps[0].where).toEqual({ op: ['MatMul', 'Gemm'], name: '*hidden*' });

  await name.fill('re:hidden|(');
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await expect(cards(page).first()).toContainText('without its )');
  expect(JSON.parse(await exportedRecipe(page))).toEqual(before);

  await recipe(page).getByRole('button', { name: 'Any name, step 1' }).click();
  await expect(name).toHaveCount(0);
  expect(JSON.parse(await exportedRecipe(page)).steps[0].where).toEqual({ op: ['MatMul', 'Gemm'] });

  await cards(page)
    .first()
    .getByRole('button', { name: /Symmetric/ })
    .click();
  await typeOption(page, 'Smallest weight typed, step 1', '1,000,000');
  await expect(cards(page).first()).toContainText('0 of');
  expect(JSON.parse(await exportedRecipe(page)).steps[0].where.minElements).toBe(1_000_000);
});
