/** Journeys A and B with the keyboard alone, with the focus in sight all the way. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { interceptFileDialogs } from './support/file-dialog.ts';
import { tabTo } from './support/keyboard.ts';
import { exactValue, runRow } from './support/results.ts';

const { WHITTLE_SAMPLES = '' } = process.env;
const FOLDER = join(WHITTLE_SAMPLES, 'sentiment-minilm');

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

test('journey A: sample, preset, compress, result, download', async ({ page }) => {
  test.setTimeout(300_000);
  await page.goto('/');
  await tabTo(page, button(page, 'Try sentiment'));
  await page.keyboard.press('Enter');
  await tabTo(page, button(page, /^Small, stays close/));
  await page.keyboard.press('Enter');
  await expect(button(page, /^Small, stays close/)).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Control+Enter');
  await expect(button(page, 'Cancel')).toBeFocused();
  expect(await exactValue(page, /int4/, /^Size/)).toBeGreaterThan(500_000);
  expect(await exactValue(page, /int4/, /Accuracy/)).toBeGreaterThan(0.79);
  await expect(button(page, 'Download')).toBeVisible();
  const waiting = page.waitForEvent('download');
  await page.keyboard.press('d');
  expect((await waiting).suggestedFilename()).toMatch(/\.onnx$/);
});

test('journey B: folder, target, compress', async ({ page }) => {
  test.skip(!WHITTLE_SAMPLES || !existsSync(FOLDER), 'WHITTLE_SAMPLES has no sentiment-minilm');
  test.setTimeout(300_000);
  interceptFileDialogs(page);
  await page.goto('/');
  await tabTo(page, button(page, 'Open folder…'));
  const choosing = page.waitForEvent('filechooser');
  await page.keyboard.press('Enter');
  await (await choosing).setFiles(FOLDER);

  const wasm = page
    .getByRole('radiogroup', { name: 'Target' })
    .getByRole('radio', { name: 'WASM' });
  await tabTo(page, page.getByRole('radiogroup', { name: 'Target' }).getByRole('radio').first());
  await page.keyboard.press('ArrowRight');
  await expect(wasm).toBeChecked();
  await tabTo(page, page.getByRole('checkbox', { name: 'Benchmark after' }));
  await page.keyboard.press('Space');
  await page.keyboard.press('Control+Enter');
  await expect(runRow(page, /int4/)).toContainText('not measured', { timeout: 120_000 });
  await expect(page.getByRole('status')).toContainText('smaller');
});
