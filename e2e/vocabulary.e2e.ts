/** A model of texts loses the tokens that its texts never use, and goes with the tokenizer to match. */
import { copyFile, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { evaluate, judgeMissing } from './support/judge.ts';
import { download, exactValue } from './support/results.ts';
import { addStep, recipe } from './support/steps.ts';
import { unpack } from './support/unpack.ts';

const SAMPLE = fileURLToPath(new URL('../public/samples/sentiment-tiny', import.meta.url));
/** Rows of 1,000 that 8-bit activations of another build may answer otherwise. */
const ROUNDED_OTHERWISE = 0.005;

test('a trimmed vocabulary is planned, measured and handed out with its tokenizer', async ({
  page,
}) => {
  test.setTimeout(600_000);
  await page.goto('/');
  await page.getByRole('button', { name: 'Try sentiment' }).click();
  await expect(recipe(page)).toContainText('Output size, exact');
  await page.getByRole('radiogroup', { name: 'Target' }).getByText('WASM', { exact: true }).click();
  await addStep(page, 'Trim vocabulary');
  await expect(recipe(page)).toContainText(/[\d,]+ of 8,000 tokens stay: those of 512 texts/);

  await page.getByRole('button', { name: 'Compress' }).click();
  const run = /trimmed vocabulary/;
  const accuracy = await exactValue(page, run, /Accuracy/);
  const bytes = await exactValue(page, run, /^Size/);
  const original = await exactValue(page, /baseline/, /^Size/);
  await expect(page.getByRole('button', { name: 'Compress' })).toBeVisible();
  expect(bytes / original).toBeLessThan(0.2);
  // 512 texts are few: unseen words fall to pieces, and that is measured.
  expect(accuracy).toBeGreaterThan(0.7);
  expect(accuracy).toBeLessThan(await exactValue(page, /baseline/, /Accuracy/));

  const { path, fileName } = await download(page);
  expect(fileName).toMatch(/\.zip$/);
  const unpacked = await mkdtemp(join(tmpdir(), 'whittle-vocabulary-'));
  const graph = fileName.replace(/\.zip$/, '.onnx');
  const names = ['config.json', graph, 'tokenizer.json', 'tokenizer_config.json'];
  expect(await unpack(path, unpacked)).toEqual(names.map((name) => `sentiment-tiny/${name}`));
  const folder = join(unpacked, 'sentiment-tiny');
  expect((await readFile(join(folder, graph))).length).toBe(bytes);

  test.skip(judgeMissing !== undefined, judgeMissing ?? '');
  await copyFile(join(SAMPLE, 'test.csv'), join(folder, 'test.csv'));
  const judged = await evaluate(folder, join(folder, graph));
  expect(Math.abs(judged.accuracy - accuracy)).toBeLessThanOrEqual(ROUNDED_OTHERWISE);
});
