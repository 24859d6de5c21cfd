import type { Compressed, SpeedForecast } from '../bridge/compress-calls.ts';
import type { Measured } from '../bridge/measure-calls.ts';
import type { DroppedFile } from '../bridge/opened.ts';
import { formatCount } from '../report/format.ts';
import type { ModelIdentity, ModelSummary } from '../report/model-summary.ts';
import type { OutputFile, RunReport } from '../report/report.ts';
import { shortDtype } from './short-dtype.ts';
import type { Task } from './task.ts';

/** A report that still lacks the model's identity, and the files that Download gives. */
export interface Run extends Omit<RunReport, 'format' | 'version' | 'model'> {
  /** null for the baseline: its file is the person's own. */
  readonly files: readonly DroppedFile[] | null;
  /** Those of its warnings that a new benchmark does not replace; absent where that is not known. */
  readonly lastingWarnings?: readonly string[];
  /** Those of its warnings that a measured speed replaces. */
  readonly forecasts?: readonly SpeedForecast[];
}

export const BASELINE_ID = 'baseline';

const NOT_MEASURED = {
  measurements: [],
  accuracy: null,
  answers: null,
  fidelity: null,
  dataset: null,
  versions: {},
} as const;

export const baselineRun = (model: ModelSummary, openedAt: Date): Run => ({
  ...NOT_MEASURED,
  id: BASELINE_ID,
  name: `${mainDtype(model)} baseline`,
  kind: 'baseline',
  startedAt: openedAt.toISOString(),
  recipe: null,
  output: { files: [], byteLength: model.byteLength, gzipByteLength: null },
  weights: [],
  phases: [],
  compressedOn: null,
  warnings: [],
  partial: false,
  files: null,
});

/** The type that most of the model's bytes have. */
function mainDtype({ weights }: ModelSummary): string {
  const bytes = new Map<string, number>();
  for (const { dtype, byteLength } of weights) {
    bytes.set(dtype, (bytes.get(dtype) ?? 0) + byteLength);
  }
  const [first] = [...bytes].sort(([, a], [, b]) => b - a);
  return shortDtype(first?.[0] ?? 'float32');
}

export const compressedRun = (
  task: Task,
  compressed: Compressed,
  files: readonly OutputFile[],
): Run => ({
  ...NOT_MEASURED,
  id: task.runId,
  name: task.name,
  kind: 'run',
  startedAt: task.startedAt.toISOString(),
  recipe: task.recipe,
  output: {
    files,
    byteLength: compressed.byteLength,
    gzipByteLength: null,
  },
  weights: compressed.weights,
  phases: compressed.phases,
  compressedOn: { device: compressed.device, software: compressed.software },
  warnings: compressed.warnings,
  lastingWarnings: compressed.warnings,
  ...(compressed.forecasts && { forecasts: compressed.forecasts }),
  partial: compressed.partial,
  files: compressed.files,
});

/** The run with what a benchmark found; a later benchmark replaces an earlier one. */
export function measuredRun(run: Run, measured: Measured): Run {
  const { measurements, accuracy, answers, rowScores, fidelity, dataset, versions } = measured;
  const { rowScores: _, ...before } = run;
  const of = dataset.given === undefined ? '' : ` of ${formatCount(dataset.given)}`;
  const stopped = measured.stopped
    ? [
        `Scoring was stopped: accuracy and fidelity hold for ${formatCount(dataset.rows)}${of} rows.`,
      ]
    : [];
  const own = new Set(measured.phases.map(({ name }) => name));
  return {
    ...before,
    ...(rowScores && { rowScores }),
    measurements,
    accuracy,
    answers,
    fidelity,
    dataset,
    versions,
    phases: [...run.phases.filter(({ name }) => !own.has(name)), ...measured.phases],
    warnings: [...new Set([...unanswered(run, measurements), ...measured.warnings, ...stopped])],
  };
}

/** The run with what another benchmark found of its times; its answers were not scored again. */
export function retimedRun(run: Run, { measurements, phases, versions, warnings }: Measured): Run {
  const own = new Set(phases.map(({ name }) => name));
  return {
    ...run,
    ...{ measurements, versions },
    phases: [...run.phases.filter(({ name }) => !own.has(name)), ...phases],
    warnings: [...new Set([...run.warnings, ...warnings])],
  };
}

/** Of its lasting warnings those that foretell no speed which is measured now. */
function unanswered(run: Run, measurements: Run['measurements']): readonly string[] {
  const timed = measurements.filter(({ latency }) => latency?.ratio);
  const told = (run.forecasts ?? [])
    .filter(({ backend }) => timed.some((it) => it.backend === backend))
    .map(({ message }) => message);
  return lasting(run).filter((warning) => !told.includes(warning));
}

/** The run as it was before its first benchmark: its figures held for other rows. */
export function unmeasured({ rowScores: _, ...run }: Run): Run {
  return { ...run, ...NOT_MEASURED, warnings: lasting(run) };
}

/** The original warns of nothing but its benchmark. */
const lasting = ({ kind, warnings, lastingWarnings }: Run): readonly string[] =>
  lastingWarnings ?? (kind === 'baseline' ? [] : warnings);

export const isMeasured = (run: Run): boolean => run.measurements.length > 0;

const CUT_SHORT =
  'The benchmark was cancelled: what it had finished is kept, the rest was not measured.';

/** What a benchmark had finished when it was cancelled. */
export const cutShort = (finished: Measured): Measured => ({
  ...finished,
  warnings: [...finished.warnings, CUT_SHORT],
});

const CHECKED_LAST = 'Not checked on WebGPU yet: the software adapter comes last.';

/** What is known of the original while its own check on a software adapter waits for the run. */
export const checkedLast = (first: Measured): Measured => ({
  ...first,
  warnings: [...first.warnings, CHECKED_LAST],
});

/** Two parts of one benchmark; rows were scored in the first. */
export const joined = (first: Measured, second: Measured): Measured => ({
  ...first,
  measurements: [...first.measurements, ...second.measurements],
  phases: [...first.phases, ...second.phases],
  versions: Object.fromEntries(
    Object.entries({ ...first.versions, ...second.versions }).map(([name, last]) => {
      const before = first.versions[name] ?? last;
      return [name, before === last ? last : `${before}; ${last}`];
    }),
  ),
  warnings: [...first.warnings, ...second.warnings],
});

/** Measured, and by a benchmark that came to its end. */
export const isWhollyMeasured = (run: Run): boolean =>
  isMeasured(run) && !run.warnings.some((it) => it === CUT_SHORT || it === CHECKED_LAST);

/** True if some backend computes something else than the original. */
export const truthFails = (run: Run): boolean =>
  run.measurements.some(({ truth }) => truth?.verdict === 'fails');

export function toReport(
  { files: _, lastingWarnings: __, forecasts: ___, ...run }: Run,
  model: ModelIdentity,
): RunReport {
  return { format: 'whittle-report', version: 1, model, ...run };
}
