/** The Model panel: weights chosen and overridden by mouse and by keys, blocks, values, the graph. */
import { expect, type Page, test } from '@playwright/test';
import { buildModel, buildNode, floatTensor } from '../src/formats/onnx/testing/build-model.ts';
import { tabTo } from './support/keyboard.ts';
import { runRow } from './support/results.ts';
import { cards, recipe } from './support/steps.ts';

const model = (page: Page) => page.getByRole('region', { name: 'Model' });
const table = (page: Page) => model(page).getByRole('table', { name: 'Weights' });
const blocks = (page: Page) => model(page).getByRole('treegrid', { name: 'Blocks' });
const row = (page: Page, name: RegExp) => table(page).getByRole('row', { name });
const chosen = (page: Page) => model(page).getByRole('region', { name: 'Selected weight' });
const filter = (page: Page) => model(page).getByRole('textbox', { name: 'Filter weights' });
const override = (page: Page) => chosen(page).getByRole('button', { name: 'Override' });
const item = (page: Page, name: string) => page.getByRole('menuitem', { name, exact: true });

/** Exact bytes of the dry run. */
async function planned(page: Page): Promise<number> {
  const [, bytes = ''] = /([\d,]+) B/.exec(await recipe(page).innerText()) ?? [];
  return Number(bytes.replaceAll(',', ''));
}

const expectPlanned = (page: Page, bytes: number) =>
  expect.poll(() => planned(page), { message: 'exact bytes of the plan' }).toBe(bytes);

/** Of a 128 × 512 matrix in blocks of 32: 8 bits instead of 4 take as many bytes more. */
const FOUR_BITS_MORE = (128 * 512) / 2;

async function openSentiment(page: Page): Promise<number> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Try sentiment' }).click();
  await expect(recipe(page)).toContainText('Output size, exact');
  return planned(page);
}

test('a weight gets its own step by mouse, several together, and none again', async ({ page }) => {
  const before = await openSentiment(page);
  await row(page, /layer\.0\.intermediate\.dense/).click();
  await expect(chosen(page)).toContainText('MatMul, 128 × 512');
  await override(page).click();
  await item(page, 'int8 block 32').click();
  await expectPlanned(page, before + FOUR_BITS_MORE);
  await expect(cards(page)).toHaveCount(3);
  await expect(cards(page).first()).toContainText('1 of 51');
  const weights = cards(page).first().getByRole('combobox', { name: 'Weights, step 1' });
  await expect(weights).toHaveValue(/intermediate\.dense/);
  await expect(
    cards(page)
      .first()
      .getByRole('textbox', { name: /^Name pattern/ }),
  ).toHaveCount(0);
  await expect(row(page, /layer\.0\.intermediate\.dense/)).toContainText('a step of its own');
  await expect(page.getByRole('status')).toContainText('Step 1 takes');
  await chosen(page).getByRole('button', { name: 'Step 1' }).click();
  await expect(cards(page).first()).toBeFocused();

  await row(page, /layer\.1\.output\.dense/).click({ modifiers: ['ControlOrMeta'] });
  await expect(chosen(page)).toContainText('2 weights');
  await expect(row(page, /layer\.1\.output\.dense/).getByRole('checkbox')).toBeChecked();
  await override(page).click();
  await item(page, 'Leave alone').click();
  await expect(cards(page)).toHaveCount(2);
  const left = 2 * (128 * 512 * 4 - (128 * 512) / 2 - 2 * ((128 * 512) / 32));
  // The weights keep their names, and the products their operators: a few bytes less around them.
  await expect.poll(() => planned(page)).toBeLessThan(before + left);
  await expect.poll(() => planned(page)).toBeGreaterThan(before + left - 600);
  await expect(chosen(page)).toContainText('Left alone: No step selects it');
  await chosen(page).getByRole('button', { name: 'Show all that are' }).click();
  await expect(table(page)).toHaveAttribute('aria-rowcount', '3');
  await recipe(page)
    .getByRole('button', { name: /weights left alone$/ })
    .click(); // folded in a low window
  await expect(recipe(page).getByRole('button', { name: /No step selects it/ })).toBeVisible();

  await override(page).click();
  await item(page, "As the recipe's steps say").click();
  await expectPlanned(page, before);
  await expect(model(page)).toContainText('No weight matches');
  await model(page).getByRole('button', { name: 'Show all 51' }).click();
  await expect(table(page)).toHaveAttribute('aria-rowcount', '52');
});

test('weights are filtered, marked and overridden by keys alone', async ({ page }) => {
  const before = await openSentiment(page);
  await page.keyboard.press('/');
  await expect(filter(page)).toBeFocused();
  await page.keyboard.type('intermediate matmul');
  await expect(table(page)).toHaveAttribute('aria-rowcount', '3');
  await tabTo(page, table(page).getByRole('row').nth(1));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(table(page).getByRole('row').nth(2)).toBeFocused();
  await expect(chosen(page)).toContainText('2 weights');
  await page.keyboard.press('Space');
  await expect(chosen(page)).not.toContainText('2 weights');
  await page.keyboard.press('Space');
  await expect(chosen(page)).toContainText('2 weights');
  await tabTo(page, override(page));
  await page.keyboard.press('Enter');
  await expect(item(page, "As the recipe's steps say")).toBeFocused();
  const wanted = item(page, 'int8 block 32');
  for (let presses = 0; presses < 60; presses++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('ArrowDown');
  }
  await expect(wanted).toBeFocused();
  await page.keyboard.press('Enter');
  await expectPlanned(page, before + 2 * FOUR_BITS_MORE);
  await expect(cards(page).first()).toContainText('2 of 51');
  await expect(override(page)).toBeFocused();

  const heads = table(page).getByRole('columnheader');
  for (const name of ['Weight', 'MB', '%', 'Planned']) {
    const head = heads.filter({ hasText: name });
    await head.getByRole('button').focus();
    await page.keyboard.press('Enter');
    const first = await head.getAttribute('aria-sort');
    await page.keyboard.press('Enter');
    const directions = [first, await head.getAttribute('aria-sort')].toSorted();
    expect(directions, name).toEqual(['ascending', 'descending']);
  }
});

test('a block of layers is one row, and its values are read from the file of a run', async ({
  page,
}) => {
  const before = await openSentiment(page);
  await model(page).getByText('Blocks', { exact: true }).click();
  const layers = blocks(page).getByRole('row', { name: /^layer 0…1/ });
  await expect(layers).toContainText('2 × 0.79');
  await layers.click();
  await expect(chosen(page)).toContainText('12 weights');
  await page.keyboard.press('ArrowRight');
  await expect(layers).toHaveAttribute('aria-expanded', 'true');
  const layer = blocks(page).getByRole('row', { name: /^layer 0 ?,/ });
  await layer.click();
  await expect(chosen(page)).toContainText('6 weights');
  await override(page).click();
  await item(page, 'int2 block 32').click();
  await expect.poll(() => planned(page)).toBeLessThan(before);
  await expect(cards(page).first().getByRole('textbox', { name: /^Name/ })).toHaveValue(
    /layer\.0\.\*$/,
  );

  await page.getByRole('checkbox', { name: 'Benchmark after' }).uncheck();
  await page.getByRole('button', { name: 'Compress' }).click();
  await expect(page.getByRole('status')).toContainText('Not measured yet');
  await expect(model(page).getByRole('radio', { name: 'Now' })).toBeChecked();
  await model(page).getByText('List', { exact: true }).click();
  await row(page, /layer\.0\.intermediate\.dense/).click();
  await expect(chosen(page)).toContainText('after, int2·32');
  await expect(chosen(page)).toContainText('SQNR');
  const picture = chosen(page).getByRole('img', { name: /^Values of/ });
  await expect(picture).toHaveAttribute('data-after', 'true');
  await chosen(page).getByText('Block', { exact: true }).click();
  await expect(chosen(page)).toContainText('levels: 4');
  await chosen(page)
    .getByRole('spinbutton', { name: /^Channel/ })
    .fill('511');
  await expect(picture.locator('desc')).toContainText('32 values');

  await runRow(page, /baseline/).click();
  await expect(chosen(page)).toContainText('after: compress to see it');
  await expect(picture).toHaveAttribute('data-after', 'false');
});

test('what the graph is made of can be read and searched', async ({ page }) => {
  await openSentiment(page);
  const fold = model(page).getByRole('button', { name: /^Graph: \d+ operators/ });
  await fold.click();
  const graph = model(page).getByRole('region', { name: 'Graph' });
  await expect(graph).toContainText('input_ids');
  await expect(graph).toContainText('Opset of ai.onnx17');
  await model(page).getByRole('textbox', { name: 'Search the graph' }).fill('gather');
  await expect(graph.getByRole('term')).toHaveText(['Gather']);
  await model(page).getByRole('textbox', { name: 'Search the graph' }).fill('no such thing');
  await expect(graph).toContainText('Nothing in the graph matches');
});

const WIDTH = 64;
const LONG = 'encoder.'.repeat(62);
const ODD_NAMES = [`${LONG}a`, `${LONG}b`, 'מקודד.שכבה.1.משקל', 'الطبقة.2', '👩‍🔬.🧪*?', 're:(['];

const odd = buildModel({
  nodes: ODD_NAMES.map((name, at) =>
    buildNode('MatMul', [at === 0 ? 'x' : `v${at - 1}`, name], [`v${at}`], { name: `${at}` }),
  ),
  initializers: ODD_NAMES.map((name, at) =>
    floatTensor(
      name,
      [WIDTH, WIDTH],
      Array.from({ length: WIDTH * WIDTH }, (_, i) => Math.sin(i * (at + 1)) / 8),
    ),
  ),
  ...{ inputs: ['x'], outputs: [`v${ODD_NAMES.length - 1}`] },
});

test('names of 500 characters, right to left, of signs and of emoji are chosen exactly', async ({
  page,
}) => {
  await page.goto('/');
  await page
    .getByLabel('Open model', { exact: true })
    .and(page.locator('input'))
    .setInputFiles({
      ...{ name: 'odd.onnx', mimeType: 'application/octet-stream' },
      buffer: Buffer.from(odd),
    });
  await expect(recipe(page)).toContainText('Output size, exact');
  const before = await planned(page);
  for (const name of ODD_NAMES) {
    await filter(page).fill(name.slice(-12));
    await table(page).getByTitle(`${name}, MatMul`).click();
    await override(page).click();
    await item(page, 'int8 block 32').click();
    await expectPlanned(page, before + (WIDTH * WIDTH) / 2);
    await expect(cards(page).first(), name).toContainText(`1 of ${ODD_NAMES.length}`);
    await override(page).click();
    await item(page, "As the recipe's steps say").click();
    await expectPlanned(page, before);
  }
  const isWide = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  expect(isWide).toBe(false);
});
