import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { StudioError } from '../core/studio-error.ts';
import { fuzz, fuzzSettings, type Outcome, report } from '../core/testing/fuzz.ts';
import { mutateJson } from '../core/testing/mutate-json.ts';
import { reportsToCsv } from './csv.ts';
import type { RunReport } from './report.ts';
import { parseReport, reportToJson } from './report-json.ts';
import { BASELINE, RUN } from './testing/runs.ts';

const settings = fuzzSettings(process.env);
const MUTANTS = 1500;
const BASES = [BASELINE, RUN].map(reportToJson);

test(`mutants of reports, seed ${settings.seed}`, { timeout: 0 }, async () => {
  const attempt = (text: string): Outcome => {
    const run = parsedOrRefused(text);
    if (!run) return 'rejected';
    expect(parseReport(JSON.parse(reportToJson(run)))).toEqual(run);
    for (const cells of Papa.parse<string[]>(reportsToCsv([run]).trimEnd()).data.slice(1)) {
      // What spreadsheets would run: text alone, as figures may well be negative.
      for (const cell of cells) {
        if (/^[=+\-@\t\r\n]/.test(cell)) expect(cell).toMatch(/^-?(\d|inf)/);
      }
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
    return 'accepted';
  };
  const tally = await fuzz(
    {
      ...{ base: 'report', mutants: MUTANTS },
      attempt: (random) => attempt(mutateJson(BASES[random.below(2)] ?? '', random)),
    },
    settings,
  );
  report('report', tally, settings);
  if (settings.only === undefined)
    expect(tally.accepted).toBeGreaterThan((MUTANTS * settings.scale) / 100);
});

function parsedOrRefused(text: string): RunReport | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null; // whoever reads the file says so
  }
  try {
    return parseReport(json);
  } catch (error) {
    if (error instanceof StudioError && error.code === 'bad-report') return null;
    throw error;
  }
}
