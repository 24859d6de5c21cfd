/** What an earlier visit left: listed with its runs and disk use, continued, and deleted when asked twice. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { runRow } from './support/results.ts';
import { stored } from './support/stored.ts';

async function expectClean(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)).toEqual([]);
}

test('a kept model is listed with its runs, continued with its recipe, and deleted for good', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await page.goto('/');
  await page.getByRole('button', { name: 'Try digits' }).click();
  await page.getByRole('button', { name: /^Smallest/ }).click();
  await page.getByRole('checkbox', { name: 'Benchmark after' }).uncheck();
  await page.getByRole('button', { name: 'Compress' }).click();
  await expect(page.getByRole('button', { name: 'Download', exact: true })).toBeVisible();
  const name = await page.getByRole('rowheader', { name: /int/ }).getAttribute('aria-label');
  await expect.poll(async () => (await stored(page)).jobs).toBe(0);
  await page.waitForTimeout(1000); // the recipe is kept when it has come to rest

  await page.reload();
  const list = page.getByRole('table', { name: 'Kept in this browser' });
  await expect(list).toContainText(/digits\s*1 run of digits, .*, \d\.\d MB/);
  await list.getByText('1 run').click();
  expect(name).toBeTruthy();
  await expect(list.getByRole('listitem')).toContainText(`${name}, `);
  await expect(page.getByRole('button', { name: 'Ask it not to' })).toBeVisible();
  await expectClean(page);

  await page.getByRole('button', { name: 'Continue digits' }).click();
  await expect(runRow(page, /int/)).toContainText('not measured');
  await expect(page.getByRole('button', { name: /^Smallest/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  );

  await page.reload();
  await page.getByRole('button', { name: 'Delete digits' }).click();
  const question = page.getByRole('alertdialog', {
    name: /^Delete digits with 1 run, \d\.\d MB\?$/,
  });
  await expectClean(page);
  await question.getByRole('button', { name: 'Delete digits for good' }).click();
  await expect(page.getByRole('status')).toContainText('Deleted digits');
  await expect(list).toHaveCount(0);
  await expect(page.getByRole('main')).toBeFocused();
  expect(await stored(page)).toMatchObject({ sessions: 0, jobs: 0, weightRecords: 0 });
});
