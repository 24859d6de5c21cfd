/** Journey E: a language model to 4 bits, its perplexity before and after, and the judge's own. */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { checkModel, evaluatePerplexity, judgeMissing } from './support/judge.ts';
import { download, exactValue, runRow } from './support/results.ts';

const { WHITTLE_SAMPLES = '' } = process.env;
const FOLDER = join(WHITTLE_SAMPLES, 'tiny-llama');
const ORIGINAL = join(FOLDER, 'model.onnx');
const RUN = /int4/;
/** What another build of the runtime may round differently, as a share. */
const AGREEMENT = 0.001;

test.skip(!WHITTLE_SAMPLES || !existsSync(FOLDER), 'WHITTLE_SAMPLES has no tiny-llama');

test('tiny-llama in 4 bits on WASM: perplexity before and after, as evaluate.py has it', async ({
  page,
}) => {
  test.setTimeout(600_000);
  await page.goto('/');
  await page.getByLabel('Open folder', { exact: true }).setInputFiles(FOLDER);
  await expect(page.getByRole('region', { name: 'Model' })).toContainText('embed_tokens');
  const before = await exactValue(page, /baseline/, /^Perplexity/);
  const targets = page.getByRole('radiogroup', { name: 'Target' });
  await targets.getByText('WASM', { exact: true }).click();
  await page.getByRole('button', { name: /^Small, stays close/ }).click();
  await page.getByRole('button', { name: 'Compress' }).click();

  const after = await exactValue(page, RUN, /^Perplexity/);
  const byteLength = await exactValue(page, RUN, /^Size/);
  expect(byteLength / statSync(ORIGINAL).size).toBeLessThan(0.25);
  expect(after).toBeGreaterThan(before);
  expect(after / before).toBeLessThan(1.2);
  await expect(runRow(page, RUN)).toContainText(`+${(after - before).toFixed(2)}`);
  await expect(
    page.getByText(`ppl ${after.toFixed(2)} (+${(after - before).toFixed(2)})`).first(),
  ).toBeVisible();
  await expect(
    page.getByText(/windows of 256 tokens, 16610 tokens predicted/).first(),
  ).toBeVisible();
  await expect(page.getByRole('figure', { name: 'Trade-off chart' })).toContainText('Perplexity');

  const exporting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const csv = await readFile(await (await exporting).path(), 'utf8');
  const [head = '', , line = ''] = csv.split('\r\n');
  expect(head).toMatch(/^Method Name,Model Size,Average Inference Time,Accuracy,/);
  const top1 = Number(/(?:^|,)(0\.\d+),wasm,/.exec(line)?.[1]);
  expect(top1).toBeGreaterThan(0.2); // of 2,048 tokens
  expect(top1).toBeLessThan(0.5);

  const { path } = await download(page);
  test.skip(judgeMissing !== undefined, judgeMissing ?? '');
  await checkModel(path);
  const original = await evaluatePerplexity(FOLDER, ORIGINAL);
  expect(original.tokens).toBe(16_610);
  expect(Math.abs(before / original.perplexity - 1)).toBeLessThan(AGREEMENT);
  const judged = await evaluatePerplexity(FOLDER, path);
  expect(judged.tokens).toBe(16_610);
  expect(
    Math.abs(after / judged.perplexity - 1),
    `${after} here, ${judged.perplexity} there`,
  ).toBeLessThan(AGREEMENT);
  console.log(
    `perplexity ${before} → ${after}; the judge ${original.perplexity} → ${judged.perplexity}`,
  );
});
