/** The same recipe on the same device gives the same bytes. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { download, runRow } from './support/results.ts';

test('two visits, one SHA-256', async ({ browser }) => {
  const hashes: string[] = [];
  for (let visit = 0; visit < 2; visit++) {
    const page = await browser.newPage(); // a profile of its own: nothing is kept from the first
    await page.goto('/');
    await page.getByRole('button', { name: 'Try sentiment' }).click();
    await page.getByRole('button', { name: /^Smallest/ }).click();
    await page.getByRole('checkbox', { name: 'Benchmark after' }).uncheck();
    await page.getByRole('button', { name: 'Compress' }).click();
    await expect(runRow(page, /int4/)).toContainText('not measured');
    const { path } = await download(page);
    hashes.push(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    );
    await expect(page.getByText(hashes[0]?.slice(0, 4) ?? '').first()).toBeVisible();
    await page.close();
  }
  expect(hashes[1]).toBe(hashes[0]);
});
