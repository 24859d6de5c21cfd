/** What every kind of rows is opened with, and the data set that comes of it. */

import type { Model, ValueInfo } from '../model/model.ts';
import { classNames } from './class-names.ts';
import type { Companions, NamedBlob, Unread } from './companions.ts';
import type { ModelConfig } from './config.ts';
import type { LatencyInput } from './latency-input.ts';
import type { Mapping, NamedType, Need } from './mapping.ts';
import type { Readout } from './readout.ts';
import type { Rows } from './rows.ts';
import type { Split } from './splits.ts';
import type { SentenceTokenizer } from './tokenizer.ts';

/** What a row's label (or running text) is compared with. */
export type Task =
  | 'classes' // the label is the index of the right class
  | 'number' // the label is the right number
  | 'pairs' // rows 2i and 2i + 1 are a pair of texts; their label is how alike they are
  | 'next-token'; // windows of running text: each token is predicted from those before it

export type TaskMetric = 'accuracy' | 'spearman' | 'perplexity';

const METRIC_OF = {
  classes: 'accuracy',
  number: 'spearman',
  pairs: 'spearman',
  'next-token': 'perplexity',
} as const satisfies Record<Task, TaskMetric>;

/** As `report/` has it; this room may not import that one. */
export interface DatasetSummary {
  readonly kind: 'labelled' | 'unlabelled' | 'text' | 'synthetic';
  readonly name: string;
  readonly evaluationRows: number;
  readonly calibrationRows: number;
  readonly labels: readonly string[];
  readonly metric: TaskMetric | null;
  readonly needsMapping: readonly Need[];
  readonly limitation: string | null;
  readonly unread: readonly Unread[];
  /** Tokens that a text is cut at; absent where rows are no texts of a table. */
  readonly cutAt?: number;
}

export interface Dataset {
  readonly summary: DatasetSummary;
  /** null: rows have no right answer. */
  readonly task: Task | null;
  readonly readout: Readout;
  readonly evaluation: Rows;
  readonly calibration: Rows;
  /**
   * The evaluation rows, each as short as still says something: of running text the first 32 tokens
   * of each window. For software adapters, on which a whole window takes seconds.
   */
  readonly briefRows: Rows;
  /** "cut at 64 tokens, no padding". */
  readonly preprocessing: string;
  /**
   * Made-up rows of other sizes, for a model that does not run with these: its graph leaves them
   * open. null when all were tried; absent where rows are a person's own.
   */
  readonly otherSizes?: () => Dataset | null;
  /** Of texts: how the vocabulary is cut to what they need; absent where rows are no texts. */
  readonly vocabulary?: Vocabulary;
  /** Of a run with a tokenizer of its own, the original's id of each token; absent of others. */
  readonly originalIds?: readonly number[];
  /**
   * The input to time: text models `lengthTokens` (default 32) tokens, others one row.
   * null if there is none.
   */
  latencyInput(lengthTokens?: number): Promise<LatencyInput | null>;
}

export interface Context {
  readonly companions: Companions;
  readonly model: Pick<Model, 'graph' | 'files'>;
  readonly config: ModelConfig;
  readonly readout: Readout;
  readonly mapping: Mapping;
  readonly seed: number;
  /** Grow while files are opened. */
  readonly unread: Unread[];
  readonly needs: Need[];
  /** Where rows are a run's with a tokenizer of its own, the original's; null where they are not. */
  readonly original: SentenceTokenizer | null;
  /** The rows of other files for another model, read in the same way, beside `original`. */
  readonly reopen: (
    files: readonly NamedBlob[],
    model: Context['model'],
    original: SentenceTokenizer,
  ) => Promise<Dataset>;
}

export interface Vocabulary {
  /** Texts that say which tokens are needed; none of them measures. */
  readonly textCount: number;
  readonly textUnit: 'texts' | 'windows of text';
  /** The graph input that takes token ids. */
  readonly idsInput: string;
  /** The graph output that has a logit for each token; null where answers are no tokens. */
  readonly tokensOutput: string | null;
  /** Made once. @throws bad-tokenizer */
  readonly trimmed: () => Promise<TrimmedVocabulary>;
  /** The same rows for a model whose files (a tokenizer.json among them) are others; read once a model. */
  readonly reopen: (files: readonly NamedBlob[], model: Context['model']) => Promise<Dataset>;
}

export interface TrimmedVocabulary {
  /** Rows of the table of embeddings that stay, by their new numbers; ascending. */
  readonly kept: readonly number[];
  /** tokenizer.json and what names ids beside it, under the paths that they had. */
  readonly files: readonly NamedBlob[];
}

/** The data set of `split`; without labels on every row nothing is scored. */
export function assemble(
  context: Context,
  split: Split,
  {
    cutAt,
    ...rest
  }: Pick<Dataset, 'task' | 'preprocessing' | 'latencyInput' | 'vocabulary' | 'originalIds'> & {
    readonly briefRows?: Rows;
    readonly cutAt?: number;
  },
): Dataset {
  const { config, unread, needs, readout } = context;
  const { evaluation, calibration } = split;
  const name = namesOf(split.evaluationPaths);
  // Only some files with labels: accuracy would be of those rows alone, so it is not claimed.
  const labelled =
    rest.task !== null &&
    Array.from({ length: evaluation.count }, (_, row) => row).every(
      (row) => evaluation.label(row) !== null,
    );
  const task = labelled || rest.task === 'next-token' ? rest.task : null;
  for (const path of split.unused) {
    unread.push({ path, reason: `${name} is measured; name it calib… to calibrate with it` });
  }
  return {
    summary: {
      kind: task === null ? 'unlabelled' : task === 'next-token' ? 'text' : 'labelled',
      name,
      evaluationRows: evaluation.count,
      calibrationRows: calibration.count,
      labels: classNames(config, context.mapping),
      metric: task && METRIC_OF[task],
      needsMapping: needs,
      limitation: task === null ? limitationOf(name, needs) : null,
      unread,
      ...(cutAt !== undefined && { cutAt }),
    },
    readout,
    evaluation,
    calibration,
    briefRows: evaluation,
    ...rest,
    task,
  };
}

export const typeOf = ({ name, dtype, dims }: ValueInfo): NamedType => ({
  name,
  type: `${dtype ?? 'unknown'} ${dims?.map((dim) => dim ?? '?').join(' × ') ?? 'any shape'}`,
});

/** There are labels and no output to compare them with: the person may know one. */
export function noAnswer({ model, needs }: Context, file: string): void {
  const outputs = model.graph.outputs.filter(({ dtype }) => dtype?.startsWith('float') ?? true);
  if (needs.some(({ kind }) => kind === 'output') || outputs.length === 0) return;
  needs.push({
    kind: 'output',
    file,
    reason: `${file} has labels, and no output of the model is known to be classes or a number.`,
    outputs: outputs.map(typeOf),
  });
}

/** Why rows that were read are not scored. */
function limitationOf(name: string, needs: readonly Need[]): string {
  const kinds = needs.map(({ kind }) => kind);
  const why = kinds.includes('labels')
    ? `Nothing says yet which class of the model each label of ${name} is`
    : kinds.includes('output')
      ? `No output of the model is known to answer the labels of ${name}`
      : `No labels in ${name}`;
  return `${why}: accuracy is not measured, only fidelity (how close the outputs stay to the original’s).`;
}

/** "test.csv", "a.csv, b.csv"; the folder of many images. */
function namesOf(paths: readonly string[]): string {
  const names = paths.map((path) => path.replace(/^.*\//, ''));
  const shown = names.slice(0, 4).join(', ');
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown;
}

export const unreadOf = (files: readonly NamedBlob[], reason: string): Unread[] =>
  files.map(({ path }) => ({ path, reason }));
