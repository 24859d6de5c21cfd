import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import Papa from 'papaparse';
import type { JudgedRow } from './judge.ts';

export interface ExportedReport {
  readonly accuracy: { readonly value: number } | null;
  readonly answers: readonly number[] | null;
  readonly output: {
    readonly byteLength: number;
    readonly gzipByteLength: number | null;
    readonly files: readonly { readonly sha256: string }[];
  };
  readonly recipe: unknown;
  readonly compressedOn: { readonly device: string; readonly software: boolean } | null;
  readonly measurements: readonly {
    readonly backend: string;
    readonly latency: { readonly p50Ms: number } | null;
    readonly truth: { readonly verdict: string } | null;
  }[];
  readonly fidelity: { readonly klMean: number | null } | null;
  readonly model: { readonly sha256: string };
}

/** Presses Export report and reads the file. */
export async function exportedReport(page: Page): Promise<ExportedReport> {
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export report' }).click();
  return JSON.parse(await readFile(await (await waiting).path(), 'utf8'));
}

/** Presses Export CSV and reads the file: a row per run, by column. */
export async function exportedRows(page: Page): Promise<readonly Record<string, string>[]> {
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const text = await readFile(await (await waiting).path(), 'utf8');
  return Papa.parse<Record<string, string>>(text, { header: true }).data;
}

/**
 * Compares the page's answers with the judge's, row by row; every row that differs is named with
 * the margin between its two best logits, and at most `allowed` may.
 */
export function expectSameAnswers(
  { answers }: ExportedReport,
  judged: readonly JudgedRow[],
  allowed: number,
): void {
  expect(answers).toHaveLength(judged.length);
  const differing = judged.flatMap(({ predicted, logits }, row) => {
    if (answers?.[row] === predicted) return [];
    const [best = 0, second = 0] = [...logits].sort((a, b) => b - a);
    return [`row ${row + 1}: page ${answers?.[row]}, judge ${predicted}, margin ${best - second}`];
  });
  if (differing.length > 0) console.log(`rows answered differently: ${differing.join('; ')}`);
  expect(differing.length, differing.join('; ')).toBeLessThanOrEqual(allowed);
}
