/** The shape of report files from outside: limits on every count and length. */
import * as v from 'valibot';
import { BACKENDS } from '../core/backend.ts';
import { StudioError } from '../core/studio-error.ts';
import { parseRecipe } from '../recipe/parse-recipe.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { RunReport } from './report.ts';

const MAX_WEIGHTS = 200_000;
const MAX_ENTRIES = 10_000;
const MAX_ROWS = 1_000_000;

const text = v.pipe(v.string(), v.maxLength(4096));
const finite = v.pipe(v.number(), v.finite());
const positive = v.pipe(finite, v.minValue(0));
const share = v.pipe(finite, v.minValue(0), v.maxValue(1));
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'Invalid SHA-256'));
const backend = v.picklist(BACKENDS);
const list = <S extends v.GenericSchema>(item: S, maxLength = MAX_ENTRIES) =>
  v.pipe(v.array(item), v.maxLength(maxLength));

/** What JSON has no number for: an exact copy has infinite SQNR, a broken run gives NaN. */
const figure = v.union([
  finite,
  v.pipe(v.picklist(['Infinity', '-Infinity', 'NaN']), v.transform(Number)),
]);

const recipe = v.rawTransform<unknown, Recipe>(({ dataset, addIssue, NEVER }) => {
  try {
    return parseRecipe(dataset.value);
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    addIssue({ message: error.message });
    return NEVER;
  }
});

const interval = v.object({ low: finite, high: finite });

const weightRow = v.object({
  name: text,
  label: text,
  op: text,
  dims: list(count, 64),
  technique: v.nullable(text),
  encoding: text,
  // Earlier reports divided the bytes of a weight without elements by none.
  bitsPerWeight: v.union([
    positive,
    v.pipe(
      v.literal('NaN'),
      v.transform(() => 0),
    ),
  ]),
  bytesBefore: count,
  bytesAfter: count,
  sqnrDb: v.nullable(figure),
  maxAbsError: v.nullable(figure),
  reason: v.nullable(text),
  failed: v.boolean(),
  note: v.exactOptional(text),
});

const latency = v.object({
  warmUp: count,
  repetitions: count,
  p50Ms: positive,
  p95Ms: positive,
  meanMs: positive,
  input: text,
  threads: count,
  ratio: v.nullable(v.object({ median: positive, interval, originalP50Ms: positive })),
  originalIqrMs: v.exactOptional(positive),
});

const placement = v.object({
  total: count,
  onCpu: count,
  cpuOperators: list(v.object({ op: text, count })),
});

const truth = v.object({
  verdict: v.picklist(['agrees', 'agrees-slow', 'fails']),
  rows: count,
  cosine: figure,
  sameAnswers: count,
  answers: v.exactOptional(count),
  floor: finite,
  largestDifference: figure,
  failure: v.nullable(text),
  differsFrom: v.exactOptional(backend),
});

const measurement = v.object({
  backend,
  device: text,
  software: v.boolean(),
  sessionMs: v.nullable(positive),
  latency: v.nullable(latency),
  placement: v.nullable(placement),
  truth: v.nullable(truth),
  failure: v.nullable(text),
  skipped: v.exactOptional(text),
  untimed: v.exactOptional(text),
});

const difference = v.nullable(v.object({ value: figure, interval: v.nullable(interval) }));
const scored = { interval: v.nullable(interval), difference };
const correlation = v.pipe(finite, v.minValue(-1), v.maxValue(1));

const SHARES = ['accuracy', 'macro-f1', 'next-token-top1'] as const;
const CORRELATIONS = ['spearman', 'pearson'] as const;
const OPEN_ENDED = ['perplexity', 'rmse'] as const;

/** Each metric's own bounds; `more` stands in every variant. */
const scores = <E extends v.ObjectEntries>(more: E) =>
  v.variant('metric', [
    v.object({ metric: v.picklist(SHARES), value: share, ...scored, ...more }),
    v.object({ metric: v.picklist(CORRELATIONS), value: correlation, ...scored, ...more }),
    v.object({ metric: v.picklist(OPEN_ENDED), value: figure, ...scored, ...more }),
  ]);

const accuracy = scores({
  backend,
  rows: count,
  correct: v.nullable(count),
  also: v.optional(list(scores({}), 16), []),
});

const fidelity = v.object({
  backend,
  rows: count,
  cosine: figure,
  sqnrDb: figure,
  klMean: v.nullable(figure),
  klInterval: v.exactOptional(v.nullable(interval)),
  top1Agreement: v.nullable(share),
  differingRows: v.nullable(count),
  pairSpearman: v.optional(v.nullable(correlation), null),
});

const MAX_ROW_SCORES = 20_000;
const rowScores = v.variant('task', [
  v.pipe(
    v.object({
      task: v.literal('next-token'),
      loss: list(figure, MAX_ROW_SCORES),
      predicted: list(count, MAX_ROW_SCORES),
      hits: list(count, MAX_ROW_SCORES),
    }),
    v.check(
      ({ loss, predicted, hits }) =>
        loss.length === predicted.length && loss.length === hits.length,
      'Lists of rows differ in length',
    ),
  ),
  v.object({ task: v.picklist(['number', 'pairs']), given: list(figure, MAX_ROW_SCORES) }),
]);

const dataset = v.object({
  name: text,
  kind: v.picklist(['labelled', 'unlabelled', 'text', 'synthetic']),
  rows: count,
  given: v.exactOptional(count),
  batch: count,
  preprocessing: text,
  output: v.optional(v.nullable(text), null),
  otherOutputs: v.optional(list(text), []),
});

export const REPORT_SCHEMA = v.object({
  format: v.literal('whittle-report'),
  version: v.literal(1),
  id: text,
  name: text,
  kind: v.picklist(['baseline', 'run']),
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
  model: v.object({ name: text, sha256, byteLength: count, parameterCount: count }),
  recipe: v.nullable(v.pipe(v.unknown(), recipe)),
  output: v.object({
    files: list(v.object({ path: text, byteLength: count, sha256 })),
    byteLength: count,
    gzipByteLength: v.nullable(count),
  }),
  weights: list(weightRow, MAX_WEIGHTS),
  measurements: list(measurement, 16),
  accuracy: v.nullable(accuracy),
  answers: v.nullable(list(v.pipe(v.number(), v.integer()), MAX_ROWS)),
  rowScores: v.exactOptional(rowScores),
  fidelity: v.nullable(fidelity),
  dataset: v.nullable(dataset),
  phases: list(v.object({ name: text, durationMs: positive })),
  compressedOn: v.nullable(v.object({ device: text, software: v.boolean() })),
  versions: v.record(text, text),
  warnings: list(text),
  partial: v.boolean(),
}) satisfies v.GenericSchema<unknown, RunReport>;
