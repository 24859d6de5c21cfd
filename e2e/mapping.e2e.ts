/** Data whose names are not the model's: matched once by hand, measured, and known at the next visit. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { treeFindings } from './support/ax-tree.ts';
import { tabTo } from './support/keyboard.ts';
import { exactValue } from './support/results.ts';

const SAMPLE = fileURLToPath(new URL('../public/samples/sentiment-tiny/', import.meta.url));
const ROWS = 200;

const file = (name: string, buffer = readFileSync(SAMPLE + name)) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer,
});

/** The sample's first rows with columns and labels that say the same in other words. */
function renamed() {
  const [, ...rows] = readFileSync(`${SAMPLE}test.csv`, 'utf8').trimEnd().split(/\r?\n/);
  const lines = rows
    .slice(0, ROWS)
    .map((row) => row.replace(/,negative$/, ',bad').replace(/,positive$/, ',good'));
  return Buffer.from(['review,stars', ...lines, ''].join('\n'));
}

/** Rows that come before their model wait for it. */
async function open(page: Page, { rowsFirst = false } = {}): Promise<void> {
  const input = page.getByLabel('Open model', { exact: true }).and(page.locator('input'));
  const rows = file('test.csv', renamed());
  if (rowsFirst) {
    await input.setInputFiles(rows);
    await expect(page.getByText('test.csv waits for a model').first()).toBeVisible();
  }
  await input.setInputFiles([
    file('model.onnx'),
    file('tokenizer.json'),
    file('tokenizer_config.json'),
    file('config.json'),
    ...(rowsFirst ? [] : [rows]),
  ]);
  await expect(page.getByRole('region', { name: 'Results' })).toBeVisible();
}

test('columns, then labels, are matched by hand and kept', async ({ page }) => {
  test.setTimeout(240_000);
  await page.goto('/');
  await open(page, { rowsFirst: true });
  const banner = page.getByText('Synthetic inputs: fidelity only').first();
  await expect(banner).toBeVisible();
  await page.getByRole('button', { name: 'Match your data' }).click();
  const dialog = page.getByRole('dialog', { name: 'Match your data' });
  await expect(dialog).toContainText('test.csv has no column');
  expect(await treeFindings(page), 'columns to match').toEqual([]);
  await expect(dialog.getByRole('button', { name: 'Use this', exact: true })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await dialog.getByRole('combobox', { name: 'Column for text' }).selectOption('review');
  await dialog.getByRole('combobox', { name: 'Column for label' }).selectOption('stars');
  await dialog.getByRole('button', { name: 'Use this', exact: true }).click();

  await expect(dialog).toContainText('no class of the model');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  expect(await treeFindings(page), 'labels to match').toEqual([]);
  const classOf = (label: string) => dialog.getByRole('combobox', { name: `Class of ${label}` });
  await expect(dialog.getByText(/^Of 8 such rows the original answers negative for/)).toBeVisible();
  await classOf('bad').selectOption('positive');
  await dialog.getByRole('button', { name: 'Use this match' }).click();
  await expect(classOf('bad').locator('option:checked')).toHaveText('negative');
  await expect(classOf('good').locator('option:checked')).toHaveText('positive');
  await dialog.getByRole('button', { name: 'Use this', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(banner).toBeHidden();
  expect(await exactValue(page, /baseline/, /Accuracy/)).toBeGreaterThan(0.7);

  await page.reload();
  await open(page);
  await expect(page.getByText('Names in your data were matched by hand.')).toBeVisible();
  expect(await exactValue(page, /baseline/, /Accuracy/)).toBeGreaterThan(0.7);
});

test('the dialog works by keyboard alone, and is left by Escape', async ({ page }) => {
  await page.goto('/');
  await open(page);
  const button = page.getByRole('button', { name: 'Match your data' });
  await button.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Match your data' });
  await expect(dialog).toBeVisible();
  const use = dialog.getByRole('button', { name: 'Use this', exact: true });
  await tabTo(page, dialog.getByRole('combobox', { name: 'Column for text' }), 12);
  await page.keyboard.type('review');
  await tabTo(page, dialog.getByRole('combobox', { name: 'Column for label' }), 2);
  await page.keyboard.type('stars');
  await tabTo(page, use, 4);
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('no class of the model');
  await expect(dialog.getByRole('combobox', { name: 'Class of bad' })).toBeFocused();
  for (let press = 0; press < 12; press++) {
    await page.keyboard.press('Tab');
    const inside = await page.evaluate(() => document.activeElement?.closest('dialog') !== null);
    const away = await page.evaluate(() => document.activeElement === document.body);
    expect(inside || away, 'the focus stays in the dialog or leaves the page').toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(button, 'labels are still asked for').toBeFocused();
});
