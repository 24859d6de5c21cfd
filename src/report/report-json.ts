import * as v from 'valibot';
import { StudioError } from '../core/studio-error.ts';
import type { RunReport } from './report.ts';
import { REPORT_SCHEMA } from './report-schema.ts';

/** The report as a file. Infinite and undefined figures, which JSON lacks, become their names. */
export function reportToJson(report: RunReport): string {
  return `${JSON.stringify(report, nameNonFinite, 2)}\n`;
}

/** For `JSON.stringify`: infinite and undefined figures become their names. */
export const nameNonFinite = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

/**
 * - `json` — the value of a report file from anywhere; keys that this version does not know go
 * @throws bad-report naming the JSON path, or that the report is from a newer Whittle
 */
export function parseReport(json: unknown): RunReport {
  const { format, version } = Object(json) as { format?: unknown; version?: unknown };
  if (format !== 'whittle-report') {
    refuse('format', 'is not "whittle-report". Is this another file?');
  }
  if (typeof version === 'number' && version > 1) {
    refuse('version', `is ${version}, from a newer Whittle. This one reads version 1: reload it.`);
  }
  const result = v.safeParse(REPORT_SCHEMA, json, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  return refuse(v.getDotPath(issue) ?? 'The report', `is refused. ${cut(issue.message)}`);
}

function refuse(path: string, problem: string): never {
  const subject = path === 'The report' ? path : `In the report, ${cut(path)}`;
  throw new StudioError('bad-report', `${subject} ${problem}`, { detail: { path: cut(path) } });
}

const cut = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
