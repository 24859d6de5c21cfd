/**
 * Records as they come from the database: an older or newer Whittle wrote them, or something else
 * did. One that cannot be read is left where it is and counts as none.
 */
import * as v from 'valibot';
import { StudioError } from '../core/studio-error.ts';
import { parseRecipe } from '../recipe/parse-recipe.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { RunReport } from '../report/report.ts';
import { parseReport, reportToJson } from '../report/report-json.ts';
import type { JobRecord, RunRecord, SessionRecord, StoreName, Stores } from './records.ts';

const text = v.pipe(v.string(), v.maxLength(4096));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const time = v.pipe(v.string(), v.isoTimestamp());
const files = v.pipe(
  v.array(v.object({ path: text, byteLength: count, sha256: text })),
  v.maxLength(10_000),
);

const session = v.object({
  ...{ id: text, title: text, fileName: text, byteLength: count, files, filesKept: v.boolean() },
  recipe: v.unknown(),
  budgetBytes: v.optional(v.nullable(count), null),
  touchedAt: time,
});

/** As far as lists need it; `readReport` reads the rest. */
const run = v.looseObject({
  ...{ sessionId: text, runId: text, filesKept: v.boolean() },
  report: v.looseObject({
    ...{ id: text, name: text, kind: v.picklist(['baseline', 'run']), startedAt: time },
    output: v.looseObject({ files, byteLength: count }),
  }),
});

const job = v.object({
  ...{ sessionId: text, runId: text, name: text, recipe: v.unknown(), startedAt: time },
  ...{ plannedBytes: v.nullable(count), benchmarkAfter: v.boolean(), total: count },
});

const weight = v.looseObject({
  ...{ jobId: text, name: text, context: v.string(), device: text, file: text },
  row: v.looseObject({ name: text }),
  payloads: v.array(v.object({ name: text, byteLength: count, sha256: text })),
});

type Read<S extends StoreName> = (record: unknown) => Stores[S] | null;

const READERS: { readonly [S in StoreName]: Read<S> } = {
  sessions: (record): SessionRecord | null => {
    const { success, output } = v.safeParse(session, record);
    return success ? { ...output, recipe: readRecipe(output.recipe) } : null;
  },
  // Loose: the report is read in full where it is opened.
  runs: (record) => (v.is(run, record) ? (record as unknown as RunRecord) : null),
  jobs: (record): JobRecord | null => {
    const { success, output } = v.safeParse(job, record);
    const recipe = success ? readRecipe(output.recipe) : null;
    return success && recipe ? { ...output, recipe } : null;
  },
  weights: (record) => (v.is(weight, record) ? (record as unknown as Stores['weights']) : null),
};

export const readRecord = <S extends StoreName>(store: S, record: unknown): Stores[S] | null =>
  READERS[store](record);

/** A kept report with all that this version expects of one; null if it cannot be read. */
export function readReport(report: RunReport): RunReport | null {
  return unlessRefused(() => parseReport(JSON.parse(reportToJson(report))));
}

const readRecipe = (recipe: unknown): Recipe | null =>
  recipe === null ? null : unlessRefused(() => parseRecipe(recipe));

function unlessRefused<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof StudioError) return null;
    throw error;
  }
}
