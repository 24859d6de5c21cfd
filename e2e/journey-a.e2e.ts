/** Journey A: a built-in sample, a preset, the measured result, its exports, and a file that others judge. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { checkModel, evaluate, judgeMissing } from './support/judge.ts';
import { expectSameAnswers, exportedReport } from './support/report.ts';
import { download, exactValue, results, runRow } from './support/results.ts';

const SAMPLE = fileURLToPath(new URL('../public/samples/sentiment-tiny', import.meta.url));
/** The studio's names its preset's runs after what they do. */
const RUN = /int4/;

test('a sample is compressed, measured, downloaded, exported and judged', async ({ page }) => {
  test.setTimeout(300_000);
  const outside: string[] = [];
  page.on('request', (request) => {
    if (!/^(blob:)?http:\/\/localhost/.test(request.url())) outside.push(request.url());
  });
  await page.goto('/');
  await page.getByRole('button', { name: 'Try sentiment' }).click();
  await expect(page.getByRole('region', { name: 'Model' })).toContainText('word_embeddings');
  await page.getByRole('button', { name: /^Small, stays close/ }).click();
  await page.getByRole('button', { name: 'Compress' }).click();
  // All that is to come is listed from the beginning, and is no less once it has begun.
  const stages = page.getByRole('table', { name: 'Stages' }).getByRole('row');
  await expect(stages.filter({ hasText: 'Step 2 of 2' })).toHaveCount(1);
  await expect(stages.last()).toHaveAccessibleName(/^waiting Place operators on WebGPU/);
  const planned = await stages.count();
  await expect(page.getByText(/left in all/).first()).toBeVisible();
  await expect(stages.filter({ hasText: 'running' })).toContainText('Score rows', {
    timeout: 120_000,
  });
  expect(await stages.count()).toBe(planned);

  const accuracy = await exactValue(page, RUN, /Accuracy/);
  const baseline = await exactValue(page, /baseline/, /Accuracy/);
  const byteLength = await exactValue(page, RUN, /^Size/);
  const original = await exactValue(page, /baseline/, /^Size/);
  expect(baseline).toBeCloseTo(0.819, 10);
  expect(byteLength / original).toBeLessThan(0.3);
  await expect(page.getByRole('figure', { name: 'Trade-off chart' })).toBeVisible();

  const { path, fileName } = await download(page);
  expect(fileName).toMatch(/\.onnx$/);
  expect((await readFile(path)).byteLength).toBe(byteLength);

  const report = await exportedReport(page);
  expect(report.accuracy?.value).toBe(accuracy);
  expect(report.output.byteLength).toBe(byteLength);
  expect(report.model.sha256).toMatch(/^[0-9a-f]{64}$/);
  const exporting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const csv = await readFile(await (await exporting).path(), 'utf8');
  expect(csv).toMatch(/^Method Name,Model Size,Average Inference Time,Accuracy,/);
  expect(csv.split('\r\n')[2]).toContain(`,${byteLength},`);
  await expect(results(page).getByRole('row')).toHaveCount(3);
  expect(outside, 'nothing leaves the tab').toEqual([]);

  test.skip(judgeMissing !== undefined, judgeMissing ?? '');
  await checkModel(path);
  const judged = await evaluate(SAMPLE, path);
  expect(judged.examples).toBe(1000);
  expect(accuracy, 'the page and the judge count the same rows right').toBe(judged.accuracy);
  expectSameAnswers(report, judged.rows, 0);
});

test('cancel leaves the previous state', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Try sentiment' }).click();
  await page.getByRole('button', { name: 'Compress' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('status')).toContainText('Cancelled');
  await expect(page.getByRole('button', { name: 'Compress' })).toBeEnabled();
  await expect(runRow(page, /baseline/)).toHaveCount(1);
  await expect(results(page)).toBeVisible();
});
