/** Journey C: a model says of each weight what becomes of it; one without read data says so. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { exactValue } from './support/results.ts';

const { WHITTLE_SAMPLES = '' } = process.env;
const LLAMA = join(WHITTLE_SAMPLES, 'tiny-llama');

test('digits opens and says of each weight why it is or is not compressible', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Try digits' }).click();
  const model = page.getByRole('region', { name: 'Model' });
  for (const weight of ['stem.weight', 'wide.weight', 'hidden.weight', 'classifier.weight']) {
    await expect(model.getByRole('row').filter({ hasText: weight })).toHaveCount(1);
  }
  await expect(model.getByRole('row').filter({ hasText: 'wide.weight' })).toContainText('int8');
  const recipe = page.getByRole('region', { name: 'Recipe' });
  await recipe.getByRole('button', { name: /weights left alone$/ }).click(); // folded in a low window
  await expect(recipe).toContainText('Biases and norms: 1-D, kept as they are');
});

test('tiny-llama is compressed and measured on synthetic inputs', async ({ page }) => {
  test.skip(!WHITTLE_SAMPLES || !existsSync(LLAMA), 'WHITTLE_SAMPLES has no tiny-llama');
  test.setTimeout(300_000);
  await page.goto('/');
  const files = ['model.onnx', 'config.json', 'tokenizer.json', 'model.safetensors'];
  await page.getByLabel('Open model').setInputFiles(files.map((name) => join(LLAMA, name)));
  await expect(page.getByRole('region', { name: 'Model' })).toContainText('embed_tokens');
  await expect(
    page.getByText('synthetic inputs: fidelity only, accuracy not measured').first(),
  ).toBeVisible();
  await expect(page.getByText('model.safetensors').first()).toBeVisible();
  await page.getByRole('button', { name: /^Small, stays close/ }).click();
  await page.getByRole('button', { name: 'Compress' }).click();
  const agreement = await exactValue(page, /int4/, /Same answers/);
  expect(agreement).toBeGreaterThan(0.5);
  const byteLength = await exactValue(page, /int4/, /^Size/);
  expect(byteLength / (await exactValue(page, /baseline/, /^Size/))).toBeLessThan(0.3);
});
