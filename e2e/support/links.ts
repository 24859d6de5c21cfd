import { expect, type Page } from '@playwright/test';

/** What the page put into the clipboard after `act`, once the status line says so. */
export async function copiedLink(page: Page, act: () => Promise<void>): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await act();
  await expect(page.getByRole('status')).toContainText('Copied a link');
  return page.evaluate(() => navigator.clipboard.readText());
}
