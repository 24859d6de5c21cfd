/** Results: two runs side by side, the rows behind their figures, the chart as files, care of runs. */
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { exactValue, results, runRow } from './support/results.ts';

const BASELINE = /baseline/;
const SMALLEST = /int4 embeddings/;
const HALF = /fp16/;

const panel = (page: Page): Locator => page.getByRole('tabpanel');
const heads = (page: Page): Locator => panel(page).locator('.compare-head > .row');
const compareBox = (page: Page, run: RegExp): Locator =>
  runRow(page, run).getByRole('button', { name: /^Compare/ });

async function expectPair(page: Page, a: RegExp, b: RegExp): Promise<void> {
  await expect(heads(page).nth(0)).toContainText(a);
  await expect(heads(page).nth(1)).toContainText(b);
  await expect(compareBox(page, a)).toHaveText('A');
  await expect(compareBox(page, b)).toHaveText('B');
}

async function expectClean(page: Page, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include('#Results').analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`);
  expect(found, state).toEqual([]);
}

/** The chart in one of its file formats. */
async function exportedChart(page: Page, item: string): Promise<{ name: string; bytes: Buffer }> {
  await page.getByRole('button', { name: 'Export chart' }).click();
  const waiting = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: item }).click();
  const file = await waiting;
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

test('a measured and an unmeasured run, compared, explained, exported and put in order', async ({
  page,
}) => {
  test.setTimeout(300_000);
  await page.goto('/');
  await page.getByRole('button', { name: 'Try sentiment' }).click();
  await page.getByRole('button', { name: /^Smallest/ }).click();
  await page.getByRole('button', { name: 'Compress' }).click();
  const accuracy = await exactValue(page, SMALLEST, /Accuracy/);
  const original = await exactValue(page, BASELINE, /Accuracy/);
  await expect(page.getByRole('status')).toContainText('Measured');
  await page.getByRole('button', { name: /^Half the bytes/ }).click();
  await page.getByRole('checkbox', { name: 'Benchmark after' }).uncheck();
  await page.getByRole('button', { name: 'Compress' }).click();
  await expect(page.getByRole('status')).toContainText('Not measured yet');

  await test.step('A and B by mouse: the last two that were pressed', async () => {
    await expectPair(page, BASELINE, HALF);
    await compareBox(page, BASELINE).click();
    await expectPair(page, BASELINE, HALF);
    await compareBox(page, SMALLEST).click();
    await expectPair(page, BASELINE, SMALLEST);
    await page.getByRole('button', { name: 'Swap' }).click();
    await expectPair(page, SMALLEST, BASELINE);
  });

  await test.step('A and B by keys', async () => {
    await runRow(page, HALF).focus();
    await page.keyboard.press('a');
    await expectPair(page, HALF, BASELINE);
    await page.keyboard.press('x');
    await expectPair(page, BASELINE, HALF);
    await runRow(page, SMALLEST).focus();
    await page.keyboard.press('b');
    await expectPair(page, BASELINE, SMALLEST);
  });

  const table = page.getByRole('table', { name: 'Compare A and B' });
  await test.step('figures with the difference in words, paired by rows', async () => {
    await expect(table.getByRole('row', { name: /^Size, MB/ })).toContainText('× smaller');
    const row = table.getByRole('row', { name: /^Accuracy/ });
    await expect(row).toContainText(/[+−]?\d+\.\d ±\d+\.\d pt|\(.*pt|pt \(/);
    const cells = row.locator('td[data-value]');
    expect(Number(await cells.nth(0).getAttribute('data-value'))).toBe(original);
    expect(Number(await cells.nth(1).getAttribute('data-value'))).toBe(accuracy);
    await expect(page.getByRole('table', { name: 'First visit' })).toContainText(
      'Download at 10 Mbit/s',
    );
    await expectClean(page, 'compare');
  });

  await test.step('the rows on which they differ, with their text', async () => {
    const words = panel(page).getByText(/A and B disagree on/);
    const differing = Number(await words.getAttribute('data-value'));
    expect(differing).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'See the rows' }).click();
    await expect(page.getByRole('tab', { name: 'Rows' })).toHaveAttribute('aria-selected', 'true');
    await expect(panel(page)).toContainText(`${differing} row`);
    const first = panel(page).getByRole('listitem').first();
    await expect(first).toHaveAttribute('aria-setsize', String(differing));
    await expect(first.locator('.row-text')).toContainText(/[a-z]{3}/);
    const answers = await first.locator('dd').allInnerTexts();
    const [, right, a, b] = answers;
    expect(a).not.toBe(b);
    expect([a, b].some((answer) => answer?.startsWith(right ?? '-'))).toBe(true);
    await expectClean(page, 'rows');
  });

  await test.step('the confusion matrix and its largest confusions', async () => {
    await panel(page).getByText('Confusion matrix', { exact: true }).click();
    await expect(page.getByRole('figure', { name: 'Confusion matrix' })).toBeVisible();
    const largest = page.getByRole('table', { name: 'Largest confusions' });
    const counts = await largest.locator('td[data-value]').allInnerTexts();
    const wrong = counts.reduce((sum, words) => sum + Number(words.replace(',', '')), 0);
    expect(wrong, 'every wrong row is in a cell').toBe(Math.round(1000 * (1 - accuracy)));
    await expectClean(page, 'matrix');
    const matrix = panel(page).getByRole('application', { name: /^Matrix of 2 classes/ });
    await matrix.focus();
    for (const key of ['ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
    await expect(panel(page).getByText(/^Right: positive, B: negative, \d+ rows?$/)).toBeVisible();
    await page.keyboard.press('End');
    await expect(panel(page).getByText(/^Right: positive, B: positive, \d+ rows?$/)).toBeVisible();
    const see = largest.getByRole('button', { name: /^See rows/ }).first();
    await see.focus();
    await page.keyboard.press('Enter');
    await expect(panel(page).getByRole('listitem').first()).toHaveAttribute(
      'aria-setsize',
      counts[0]?.replace(',', '') ?? '',
    );
  });

  await test.step('weights and operators', async () => {
    await page.getByRole('tab', { name: 'Rows' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(panel(page)).toContainText(/[1-9]\d* of \d+ weights differ/);
    await expect(
      page.getByRole('table', { name: 'Weights of A and B' }).getByRole('row').nth(1),
    ).toContainText(/int[48]/);
    const hardest = page.getByRole('table', { name: 'Hardest weights' }).getByRole('row');
    await expect(hardest).toHaveCount(5);
    await expect(hardest.first().getByRole('button', { name: /^Override / })).toBeVisible();
    await hardest.first().getByRole('button').first().click();
    const chosen = page.getByRole('region', { name: 'Selected weight' });
    await expect(chosen).toContainText(await hardest.first().getByRole('rowheader').innerText());
    await expectClean(page, 'weights');
    await page.getByRole('tab', { name: 'Operators' }).click();
    await page.getByRole('button', { name: 'Profile', exact: true }).click();
    const all = page.getByRole('table', { name: 'Time by operator' }).getByRole('row', {
      name: /^All/,
    });
    await expect(all.locator('td[data-value]')).toHaveCount(2);
    await expectClean(page, 'operators');
  });

  await test.step('the chart is zoomed and walked by keys', async () => {
    const chart = page.getByRole('figure', { name: 'Trade-off chart' });
    await chart.getByRole('group', { name: /^Points/ }).focus();
    await page.keyboard.press('+');
    await expect(chart.getByRole('button', { name: 'Reset zoom' })).toBeVisible();
    await page.keyboard.press('0');
    await expect(chart.getByRole('button', { name: 'Reset zoom' })).toBeHidden();
    await page.keyboard.press('ArrowLeft');
    await expect(chart.getByRole('button', { name: BASELINE })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(compareBox(page, BASELINE)).toHaveText('A');
  });

  await test.step('the chart leaves as files that need nothing else', async () => {
    const svg = await exportedChart(page, 'SVG, white background');
    expect(svg.name).toMatch(/\.trade-off\.svg$/);
    const text = svg.bytes.toString('utf8');
    const parsed = await page.evaluate((source) => {
      const { documentElement } = new DOMParser().parseFromString(source, 'image/svg+xml');
      const words = [...documentElement.querySelectorAll('text')].map((it) => it.textContent);
      return { root: documentElement.nodeName, words };
    }, text);
    expect(parsed.root).toBe('svg');
    expect(parsed.words).toContain('Accuracy, %');
    expect(parsed.words).toContain('Size, MB (log)');
    expect(parsed.words).toContain('quantize');
    expect(text).not.toMatch(/var\(|currentColor|href=|url\((?!#|&quot;#|"#)|class=/);
    const png = await exportedChart(page, 'PNG, dark background');
    expect(png.name).toMatch(/\.trade-off\.png$/);
    expect([...png.bytes.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
    expect(png.bytes.readUInt32BE(16), 'pixels across').toBeGreaterThan(600);
  });

  await test.step('a run is renamed, deleted and brought back', async () => {
    await runRow(page, HALF).getByRole('rowheader').click();
    await page.getByRole('button', { name: 'More for this run' }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByRole('textbox', { name: 'Name of the run' }).fill('half 🙂 نصف');
    await page.keyboard.press('Enter');
    await expect(runRow(page, /^half 🙂/)).toBeVisible();
    await runRow(page, /^half 🙂/).focus();
    await page.keyboard.press('Delete');
    await expect(runRow(page, /^half 🙂/)).toBeHidden();
    await page.getByRole('button', { name: 'Undo', exact: true }).last().click();
    await expect(runRow(page, /^half 🙂/)).toBeVisible();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitemcheckbox', { name: /WASM/ }).click();
    await page.keyboard.press('Escape');
    await expect(results(page).getByRole('columnheader', { name: /WASM/ })).toBeHidden();
  });
});
