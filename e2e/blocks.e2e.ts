/** One of two layers of an encoder: found, chosen by the calibration rows, dropped and judged. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { checkModel, evaluate, judgeMissing } from './support/judge.ts';
import { download, exactValue } from './support/results.ts';
import { addStep, cards, recipe, stepAction } from './support/steps.ts';

const FOLDER = join(import.meta.dirname, '../public/samples/sentiment-tiny');

test('a block goes: at most so many bytes, then exactly, then measured', async ({ page }) => {
  test.setTimeout(300_000);
  await page.goto('/');
  await page.getByRole('button', { name: 'Try sentiment' }).click();
  await expect(recipe(page)).toContainText('Output size, exact');
  await stepAction(page, '2: Round to nearest', 'Remove');
  await stepAction(page, '1: Round to nearest', 'Remove');
  await expect(cards(page)).toHaveCount(0);
  await addStep(page, 'Drop blocks');
  await expect(recipe(page)).toContainText('1 of 2 blocks go; the calibration rows decide which.');
  await expect(recipe(page)).toContainText('Output size, at most');
  await page.getByRole('button', { name: 'Analyse' }).click();
  await expect(recipe(page)).toContainText('Output size, exact', { timeout: 120_000 });
  await expect(recipe(page)).toContainText(/1 of 2 blocks go: [12]\./);
  await page.getByRole('button', { name: 'Compress' }).click();

  const accuracy = await exactValue(page, /fewer blocks/, /Accuracy/);
  const bytes = await exactValue(page, /fewer blocks/, /^Size/);
  expect(bytes).toBeLessThan(0.9 * statSync(join(FOLDER, 'model.onnx')).size);
  expect(accuracy).toBeGreaterThan(0.7);

  const { path } = await download(page);
  expect(statSync(path).size).toBe(bytes);
  if (judgeMissing !== undefined) return;
  await checkModel(path);
  expect((await evaluate(FOLDER, path)).accuracy).toBeCloseTo(accuracy, 10);
});
