/** Half the channels of digits: cut, refitted on the calibration rows, measured, and judged. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { checkModel, evaluate, judgeMissing } from './support/judge.ts';
import { download, exactValue } from './support/results.ts';
import { addStep, cards, recipe, stepAction, typeOption } from './support/steps.ts';

const FOLDER = join(import.meta.dirname, '../public/samples/digits');
const FP32_ACCURACY = 0.994;
const ROWS = 1000;

test('fewer channels: shapes shrink, and the answers stay', async ({ page }) => {
  test.setTimeout(300_000);
  await page.goto('/');
  await page.getByRole('button', { name: 'Try digits' }).click();
  await expect(recipe(page)).toContainText('Output size, exact');
  await stepAction(page, '2: Round to nearest', 'Remove');
  await stepAction(page, '1: Round to nearest', 'Remove');
  await expect(cards(page)).toHaveCount(0);
  await addStep(page, 'Fewer channels');
  await typeOption(page, 'Remove typed, step 1', '50');
  await expect(recipe(page)).toContainText('50 % fewer channels');
  await page.getByRole('button', { name: 'Compress' }).click();

  const accuracy = await exactValue(page, /fewer channels/, /Accuracy/);
  const byteLength = await exactValue(page, /fewer channels/, /^Size/);
  expect(byteLength).toBeLessThan(0.3 * statSync(join(FOLDER, 'model.onnx')).size);
  expect(accuracy).toBeGreaterThanOrEqual(FP32_ACCURACY - 0.02);

  const { path } = await download(page);
  if (judgeMissing !== undefined) return;
  await checkModel(path);
  const judged = await evaluate(FOLDER, path);
  expect(judged.examples).toBe(ROWS);
  expect(judged.accuracy).toBeCloseTo(accuracy, 10);
});
