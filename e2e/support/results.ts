/** Reads the results table as a person or a screen reader does: by row header and column header. */
import { expect, type Locator, type Page } from '@playwright/test';

export const results = (page: Page): Locator => page.getByRole('table', { name: 'Results' });

/** The row of the run with this name. */
export const runRow = (page: Page, run: string | RegExp): Locator =>
  results(page)
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: run }) });

/** The exact value of a cell, once it has one. */
export async function exactValue(
  page: Page,
  run: string | RegExp,
  column: RegExp,
): Promise<number> {
  let value: string | undefined;
  await expect(async () => {
    const { headers, values } = await runRow(page, run).evaluate(seenOf);
    const index = headers.findIndex((text) => column.test(text));
    expect(index, `a column ${column} among ${headers.join(' | ')}`).toBeGreaterThanOrEqual(0);
    value = values[index];
    expect(value, `a value under ${column}`).toMatch(/\d/);
  }).toPass({ timeout: 600_000 });
  return Number(value);
}

/** Headers and values at one moment: columns come with the second run. */
function seenOf(row: Element) {
  const seen = (cells: Iterable<Element>) => [...cells].filter((it) => it.checkVisibility());
  const table = row.closest('table');
  return {
    headers: seen(table?.querySelectorAll('thead th') ?? []).map((it) => it.textContent),
    values: seen(row.children).flatMap((it) => {
      const columns = it instanceof HTMLTableCellElement ? it.colSpan : 1;
      return Array<string>(columns).fill(it.getAttribute('data-value') ?? '');
    }),
  };
}

/** Presses Download and gives the path of the file. */
export async function download(page: Page): Promise<{ path: string; fileName: string }> {
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  const file = await waiting;
  return { path: await file.path(), fileName: file.suggestedFilename() };
}
