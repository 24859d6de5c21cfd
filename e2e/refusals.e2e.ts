/** Bad files of every kind: a clear sentence, and nothing that was open is lost. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { interceptFileDialogs } from './support/file-dialog.ts';

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const SAMPLE = at('public/samples/sentiment-tiny');
const companions = ['tokenizer.json', 'tokenizer_config.json', 'config.json'];

const open = (page: Page, files: Parameters<ReturnType<Page['getByLabel']>['setInputFiles']>[0]) =>
  page.getByLabel('Open model', { exact: true }).and(page.locator('input')).setInputFiles(files);

const file = (name: string, content: string | Buffer) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content),
});
const sampleFile = (name: string) => file(name, readFileSync(`${SAMPLE}/${name}`));

test('a GGUF file named .onnx is shown for what it is', async ({ page }) => {
  await page.goto('/');
  const gguf = readFileSync(at('golden/onnx/malformed/gguf.onnx'));
  await open(page, file('reviews-model.onnx', gguf));
  await expect(page.getByText('reviews-model.onnx is a GGUF file, not ONNX').first()).toBeVisible();
  await expect(page.getByText('47 47 55 46').first()).toBeVisible();
  await expect(page.getByText('GGUF version 3, 0 tensors, 24 B.').first()).toBeVisible();
  await open(page, [`${SAMPLE}/model.onnx`]);
  await expect(page.getByRole('region', { name: 'Model' })).toContainText('word_embeddings');
});

for (const [name, sentence] of [
  ['truncated_in_graph.onnx', /truncated|ends|cut/i],
  ['external_missing_file.onnx', /drop/i],
  ['deep_nesting_150.onnx', /nest|deep/i],
  ['length_4gb.onnx', /past|beyond|length|ends/i],
] as const) {
  test(`${name} is refused with a reason, and the open model stays`, async ({ page }) => {
    await page.goto('/');
    await page.getByRole('button', { name: 'Try digits' }).click();
    await expect(page.getByRole('region', { name: 'Model' })).toContainText('wide.weight');
    await open(page, at(`golden/onnx/malformed/${name}`));
    await expect(page.getByRole('status')).toContainText(name);
    await expect(page.getByRole('status')).toContainText(sentence);
    await expect(page.getByRole('region', { name: 'Model' })).toContainText('wide.weight');
  });
}

for (const [what, bad, sentence] of [
  ['csv', file('test.csv', 'text,label\n"never closed,positive\n'), /test\.csv/],
  ['tokenizer', file('tokenizer.json', '{"model":{"type":"Nonsense"}}'), /tokenizer\.json/],
  ['npz', file('test.npz', 'PK\u0003\u0004 not a zip'), /test\.npz/],
  ['recipe', file('a.recipe.json', '{"format":"whittle-recipe","version":9}'), /version/],
] as const) {
  test(`a broken ${what} is refused by name`, async ({ page }) => {
    await page.goto('/');
    const others = companions.filter((name) => name !== bad.name).map(sampleFile);
    // Rows from one kind of file: the table's sentences would be taken before the arrays.
    const rows = /csv|npz/.test(bad.name) ? [] : [sampleFile('test.csv')];
    await open(page, [sampleFile('model.onnx'), ...others, ...rows, bad]);
    await expect(page.getByRole('status')).toContainText(sentence);
    await expect(page.getByRole('status')).toContainText('Nothing was opened');
  });
}

test('a recipe goes out and comes back the same; a wrong one names its path', async ({ page }) => {
  interceptFileDialogs(page);
  await page.goto('/');
  await page.getByRole('button', { name: 'Try sentiment' }).click();
  await page.getByRole('button', { name: /^Smallest/ }).click();
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export recipe' }).click();
  const exported = readFileSync(await (await waiting).path(), 'utf8');

  await page.getByRole('button', { name: /^Half the bytes/ }).click();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Import recipe' }).click();
  await (await choosing).setFiles(file('smallest.recipe.json', exported));
  await expect(page.getByRole('button', { name: /^Smallest/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  );

  const wrong = exported.replace('"bits": 4', '"bits": 3');
  const again = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Import recipe' }).click();
  await (await again).setFiles(file('wrong.recipe.json', wrong));
  await expect(page.getByRole('status')).toContainText('steps[0].options.bits');
  await expect(page.getByRole('button', { name: /^Smallest/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
});
