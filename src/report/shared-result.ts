/**
 * One run and its original as people hand them on: figures, hashes and the recipe. No model, no
 * rows, no row per weight. Whoever reads it has a claim, until the same is measured again.
 */
import * as v from 'valibot';
import type { Recipe } from '../recipe/recipe.ts';
import { type DataMapping, MAPPING_SCHEMA } from './data-mapping.ts';
import { MAX_PACKED_LENGTH, packJson, refuse, unpackJson } from './packed-json.ts';
import type { StepSummary } from './plan-summary.ts';
import type { RunReport } from './report.ts';
import { nameNonFinite } from './report-json.ts';
import { count, REPORT_SCHEMA } from './report-schema.ts';

/** The reports are whole but for rows per weight (failed ones stay) and what each row was given. */
export interface SharedResult {
  readonly format: 'whittle-shared';
  readonly version: 1;
  /** What the model is called where it was opened: "sentiment-minilm". */
  readonly title: string;
  readonly baseline: RunReport;
  readonly run: RunReport & { readonly recipe: Recipe };
  /** One for each step of the recipe; absent if it did not fit. */
  readonly steps?: readonly StepSummary[];
  /** How names in their rows were matched to the model's by hand; absent if they were not. */
  readonly mapping?: DataMapping;
}

const MAX_TITLE = 200;

const SCHEMA = v.object({
  title: v.pipe(v.string(), v.maxLength(MAX_TITLE)),
  baseline: REPORT_SCHEMA,
  run: REPORT_SCHEMA,
  steps: v.exactOptional(
    v.pipe(
      v.array(v.object({ weightCount: count, bytesBefore: count, bytesAfter: count })),
      v.maxLength(1000),
    ),
  ),
  mapping: v.exactOptional(MAPPING_SCHEMA),
});

export function shareable(
  title: string,
  baseline: RunReport,
  run: SharedResult['run'],
  steps: readonly StepSummary[] | null,
  mapping: DataMapping | null,
): SharedResult {
  return {
    format: 'whittle-shared',
    version: 1,
    title: [...title].slice(0, MAX_TITLE / 2).join(''),
    baseline: summary(baseline),
    run: { ...summary(run), recipe: run.recipe },
    ...(steps && { steps }),
    ...(mapping && { mapping }),
  };
}

function summary({ rowScores: _, ...report }: RunReport): RunReport {
  return { ...report, weights: report.weights.filter(({ failed }) => failed), answers: null };
}

/** As a file, for results that no link holds. */
export const sharedToJson = (shared: SharedResult): string =>
  `${JSON.stringify(shared, nameNonFinite, 2)}\n`;

/**
 * What is left out of a link that would be too long, in this order and one after the other: rows of
 * failed weights, phases, operators that fell to the CPU, warnings, bytes per step, further
 * metrics, hashes of side files, matched names.
 */
const DROPS: readonly ((shared: SharedResult) => SharedResult)[] = [
  inBoth((report) => ({ ...report, weights: [] })),
  inBoth((report) => ({ ...report, phases: [] })),
  inBoth((report) => ({
    ...report,
    measurements: report.measurements.map((it) => ({
      ...it,
      placement: it.placement && { ...it.placement, cpuOperators: [] },
    })),
  })),
  inBoth((report) => ({ ...report, warnings: [] })),
  ({ steps: _, ...shared }) => shared,
  inBoth((report) => ({
    ...report,
    accuracy: report.accuracy && { ...report.accuracy, also: [] },
  })),
  inBoth((report) => ({
    ...report,
    output: { ...report.output, files: report.output.files.slice(0, 1) },
  })),
  ({ mapping: _, ...shared }) => shared,
];

function inBoth(
  change: <R extends RunReport>(report: R) => R,
): (shared: SharedResult) => SharedResult {
  return (shared) => ({ ...shared, baseline: change(shared.baseline), run: change(shared.run) });
}

/** The text after `#r=`, at most 8 KB; null if even the least that makes sense is longer. */
export function packShared(shared: SharedResult): string | null {
  let rest = shared;
  for (const drop of [(all: SharedResult) => all, ...DROPS]) {
    rest = drop(rest);
    const packed = packJson(rest, nameNonFinite);
    if (packed.length <= MAX_PACKED_LENGTH) return packed;
  }
  return null;
}

/** @throws bad-link saying in one sentence what is wrong */
export const unpackShared = (text: string): SharedResult => parseShared(unpackJson(text));

/**
 * - `json` — from a link or a file from anywhere; keys that this version does not know go
 * @throws bad-link naming the JSON path, or that it is from a newer Whittle
 */
export function parseShared(json: unknown): SharedResult {
  const { format, version } = Object(json) as { format?: unknown; version?: unknown };
  if (format !== 'whittle-shared') refuse('holds something else than a shared result.');
  if (version !== 1) {
    refuse(
      typeof version === 'number' && version > 1
        ? `is from a newer Whittle: version ${version}, and this one reads version 1. Reload the page.`
        : 'has no version that Whittle ever wrote.',
    );
  }
  const result = v.safeParse(SCHEMA, json, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    refuse(
      `is damaged or forged: ${cut(v.getDotPath(issue) ?? 'it')} is refused. ${cut(issue.message)}`,
    );
  }
  const { title, baseline, run, steps, mapping } = result.output;
  const { recipe } = run;
  if (recipe === null || run.kind !== 'run' || baseline.kind !== 'baseline') {
    refuse('is damaged or forged: it has no run beside its original.');
  }
  if (run.output.byteLength === 0 || baseline.output.byteLength === 0) {
    refuse('is damaged or forged: no model has 0 bytes.');
  }
  if (run.model.sha256 !== baseline.model.sha256) {
    refuse('is damaged or forged: its run and its original are of two models.');
  }
  return {
    format: 'whittle-shared',
    version: 1,
    title,
    baseline,
    run: { ...run, recipe },
    ...(steps?.length === recipe.steps.length && { steps }),
    ...(mapping && { mapping }),
  };
}

const cut = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
