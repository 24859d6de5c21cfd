/** A model of texts loses the tokens that its texts never use, and goes with the tokenizer to match. */
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { evaluate, evaluatePerplexity, judgeMissing } from './support/judge.ts';
import { exportedReport } from './support/report.ts';
import { download, exactValue } from './support/results.ts';
import { addStep, recipe, stepAction } from './support/steps.ts';
import { unpack } from './support/unpack.ts';

const SAMPLE = fileURLToPath(new URL('../public/samples/sentiment-tiny', import.meta.url));
const { WHITTLE_SAMPLES = '' } = process.env;
const LLAMA = join(WHITTLE_SAMPLES, 'tiny-llama');
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

test('a language model loses the tokens of its head too, and is measured by the original’s', async ({
  page,
}) => {
  test.skip(!WHITTLE_SAMPLES || !existsSync(LLAMA), 'WHITTLE_SAMPLES has no tiny-llama');
  test.setTimeout(600_000);
  await page.goto('/');
  await page.getByLabel('Open folder', { exact: true }).setInputFiles(LLAMA);
  await expect(recipe(page)).toContainText('Output size, exact');
  await page.getByRole('radiogroup', { name: 'Target' }).getByText('WASM', { exact: true }).click();
  await stepAction(page, '2: Round to nearest', 'Remove');
  await stepAction(page, '1: Round to nearest', 'Remove');
  await addStep(page, 'Trim vocabulary');
  await expect(recipe(page)).toContainText(
    /[\d,]+ of 2,048 tokens stay: those of 66 windows of text/,
  );

  await page.getByRole('button', { name: 'Compress' }).click();
  const run = /trimmed vocabulary/;
  const perplexity = await exactValue(page, run, /Perplexity/);
  const original = await exactValue(page, /baseline/, /Perplexity/);
  await expect(page.getByRole('button', { name: 'Compress' })).toBeVisible();
  // Names of another novel fall to pieces that the model never saw.
  expect(perplexity).toBeGreaterThan(original);
  expect(perplexity).toBeLessThan(2 * original);
  const report = await exportedReport(page);
  const agrees = report.measurements.map(({ truth }) => truth?.verdict.replace('-slow', ''));
  expect(agrees).toEqual(['agrees', 'agrees']);
  expect(report.fidelity?.klMean).toBeGreaterThan(0);
  expect(report.fidelity?.klMean).toBeLessThan(0.5);

  await page.getByRole('tab', { name: 'Try it' }).click();
  await page.getByRole('textbox', { name: 'Text to continue' }).fill('She was a woman of');
  await page.getByRole('spinbutton', { name: 'Tokens' }).fill('4');
  await page.getByRole('button', { name: 'Continue the text' }).click();
  await expect(page.getByText('4 tokens, p50')).toHaveCount(2);
  // Words that both have: the same model writes the same.
  const [first = '', second] = await page.locator('[data-run-text]').allInnerTexts();
  expect(first).toMatch(/^She was a woman of \w+/);
  expect(second).toBe(first);

  test.skip(judgeMissing !== undefined, judgeMissing ?? '');
  const { path, fileName } = await download(page);
  const unpacked = await mkdtemp(join(tmpdir(), 'whittle-vocabulary-'));
  await unpack(path, unpacked);
  const folder = join(unpacked, 'tiny-llama');
  await copyFile(join(LLAMA, 'test.txt'), join(folder, 'test.txt'));
  const judged = await evaluatePerplexity(
    folder,
    join(folder, fileName.replace(/\.zip$/, '.onnx')),
    {
      tokenizer: join(LLAMA, 'tokenizer.json'),
    },
  );
  expect(Math.abs(judged.perplexity / perplexity - 1)).toBeLessThan(0.001);
});
