/**
 * The rows that come with a model: read from the dropped files, split into rows that calibrate
 * and rows that measure, or made up. Nothing is read twice and no row is tokenized before it is
 * asked for. Running text, images and JSON lines are named as not read yet.
 */
import type { Model } from '../model/model.ts';
import { type ArrayFile, readArrayFiles } from './array-files.ts';
import { arrayRows, LABEL_NAMES } from './array-rows.ts';
import { type Companions, type NamedBlob, sortCompanions, type Unread } from './companions.ts';
import { type ModelConfig, NO_CONFIG, readConfig } from './config.ts';
import { readCsv } from './csv-table.ts';
import {
  LATENCY_TOKENS,
  type LatencyInput,
  plainLatencyInput,
  tokenLatencyInput,
} from './latency-input.ts';
import { NO_ROWS, type Rows } from './rows.ts';
import { roleOf, type Split, splitRows } from './splits.ts';
import { SYNTHETIC_LENGTH, SYNTHETIC_ROWS, syntheticInputs, syntheticRows } from './synthetic.ts';
import { textRows } from './text-rows.ts';
import { tokenInputsOf } from './token-inputs.ts';
import { openTokenizer } from './tokenizer.ts';
import { tableRows } from './vocabulary.ts';

/** As `report/` has it; this room may not import that one. */
export interface DatasetSummary {
  readonly kind: 'labelled' | 'unlabelled' | 'text' | 'synthetic';
  readonly name: string;
  readonly evaluationRows: number;
  readonly calibrationRows: number;
  readonly labels: readonly string[];
  readonly limitation: string | null;
  readonly unread: readonly Unread[];
}

export interface Dataset {
  readonly summary: DatasetSummary;
  readonly evaluation: Rows;
  readonly calibration: Rows;
  /** "cut at 64 tokens, no padding". */
  readonly preprocessing: string;
  /**
   * The input to time: text models `lengthTokens` (default 32) tokens, others one row.
   * null if there is none.
   */
  latencyInput(lengthTokens?: number): LatencyInput | null;
}

/**
 * Decides splits and made-up inputs wherever a model is opened. Not a recipe's seed: runs of all
 * recipes are compared with one baseline, on the same rows.
 */
export const ROW_SEED = 1;

export interface DatasetOptions {
  /** Decides the split and made-up inputs. */
  readonly seed: number;
}

/**
 * @throws bad-dataset, bad-tokenizer, too-large naming file, row or array, and the remedy
 */
export async function openDataset(
  files: readonly NamedBlob[],
  model: Pick<Model, 'graph' | 'files'>,
  { seed }: DatasetOptions,
): Promise<Dataset> {
  const companions = sortCompanions(files, new Set(model.files.map(({ path }) => path)));
  const config = companions.config
    ? await readConfig(companions.config.path, companions.config.blob)
    : NO_CONFIG;
  const unread = [...companions.unread];
  const context = { companions, model, config, seed, unread };
  const text = await openText(context);
  if (text) {
    unread.push(...unreadOf(companions.arrays, 'the sentences of the tables are used'));
    return text;
  }
  return (await openArrays(context)) ?? openSynthetic(context);
}

interface Context {
  readonly companions: Companions;
  readonly model: Pick<Model, 'graph' | 'files'>;
  readonly config: ModelConfig;
  readonly seed: number;
  readonly unread: Unread[];
}

async function openText(context: Context): Promise<Dataset | null> {
  const { companions, model, config, seed, unread } = context;
  const { tables, tokenizer: tokenizerFile } = companions;
  if (tables.length === 0) return null;
  const inputs = tokenInputsOf(model.graph.inputs);
  if (typeof inputs === 'string' || !tokenizerFile) {
    const reason = typeof inputs === 'string' ? inputs : 'it needs the model’s tokenizer.json';
    unread.push(...unreadOf(tables, reason));
    return null;
  }
  const ids = inputs.inputs.find(({ role }) => role === 'ids');
  const limits = [inputs.fixedLength, config.maxPositions].filter((limit) => limit !== null);
  const tokenizer = await openTokenizer(tokenizerFile, companions.tokenizerConfig, {
    tableRows: ids ? tableRows(model.graph, ids.name) : null,
    limit: limits.length > 0 ? Math.min(...limits) : null,
  });
  const sets = [];
  for (const { path, blob } of tables) {
    const table = await readCsv(path, blob);
    sets.push(textRows({ path, role: roleOf(path), table }, tokenizer, inputs, config));
  }
  const { fixedLength } = inputs;
  const padding = fixedLength === null ? 'no padding' : `padded to ${fixedLength}`;
  const dataset = assemble(context, splitRows(sets, seed), {
    preprocessing: `cut at ${tokenizer.maxLength} tokens, ${padding}`,
    latencyInput: (length = LATENCY_TOKENS) =>
      tokenLatencyInput(dataset.evaluation, tokenizer, inputs, length),
  });
  return dataset;
}

async function openArrays(context: Context): Promise<Dataset | null> {
  const { companions, model, config, seed, unread } = context;
  const { inputs } = model.graph;
  if (companions.arrays.length === 0) return null;
  const fixed = inputs.find(({ dims }) => typeof dims?.[0] === 'number' && dims[0] !== 1);
  if (fixed) {
    const reason = `the model takes exactly ${fixed.dims?.[0]} rows at once, and rows are measured one by one`;
    unread.push(...unreadOf(companions.arrays, reason));
    return null;
  }
  const wanted = new Set([...inputs.map(({ name }) => name), ...LABEL_NAMES]);
  const arrayFiles = await readArrayFiles(companions.arrays, wanted);
  unread.push(...arrayFiles.flatMap((file) => strangers(file, wanted)));
  const sets = arrayFiles.map((file) => arrayRows(file, inputs, config.labels.length));
  const dataset = assemble(context, splitRows(sets, seed), {
    preprocessing: 'as stored',
    latencyInput: () => plainLatencyInput(dataset.evaluation.feeds(0), true),
  });
  return dataset;
}

function openSynthetic(context: Context): Dataset {
  const { model, seed, unread, config } = context;
  const made = syntheticInputs(model.graph, seed);
  const possible = typeof made !== 'string';
  const limitation = possible
    ? 'Synthetic inputs: fidelity only, accuracy not measured.'
    : `Nothing is measured: ${made}, so no inputs can be made up. Drop an .npz with one array per input.`;
  const rows = possible ? SYNTHETIC_ROWS : 0;
  const length = possible && made.sequences ? `, ${SYNTHETIC_LENGTH} tokens` : '';
  return {
    summary: {
      kind: 'synthetic',
      name: 'synthetic inputs',
      evaluationRows: rows,
      calibrationRows: rows,
      labels: config.labels,
      limitation,
      unread,
    },
    evaluation: possible ? syntheticRows(made, 0, rows) : NO_ROWS,
    calibration: possible ? syntheticRows(made, rows, rows) : NO_ROWS,
    preprocessing: `generated with seed ${seed}${length}`,
    latencyInput: (tokens = LATENCY_TOKENS) =>
      possible ? plainLatencyInput(made.feeds(0, tokens), made.sequences) : null,
  };
}

function assemble(
  { config, unread }: Context,
  split: Split,
  rest: Pick<Dataset, 'preprocessing' | 'latencyInput'>,
): Dataset {
  const { evaluation, calibration } = split;
  const name = split.evaluationPaths.map((path) => path.replace(/^.*\//, '')).join(', ');
  // Only some files with labels: accuracy would be of those rows alone, so it is not claimed.
  const labelled = Array.from({ length: evaluation.count }, (_, row) => row).every(
    (row) => evaluation.label(row) !== null,
  );
  for (const path of split.unused) {
    unread.push({ path, reason: `${name} is measured; name it calib… to calibrate with it` });
  }
  return {
    summary: {
      kind: labelled ? 'labelled' : 'unlabelled',
      name,
      evaluationRows: evaluation.count,
      calibrationRows: calibration.count,
      labels: config.labels,
      limitation: labelled ? null : `No labels in ${name}: fidelity only, accuracy not measured.`,
      unread,
    },
    evaluation,
    calibration,
    ...rest,
  };
}

const unreadOf = (files: readonly NamedBlob[], reason: string): Unread[] =>
  files.map(({ path }) => ({ path, reason }));

const strangers = ({ path, arrays }: ArrayFile, wanted: ReadonlySet<string>): Unread[] =>
  [...arrays.keys()]
    .filter((name) => !wanted.has(name))
    .map((name) => ({ path: `${path}: ${name}`, reason: 'the model has no input of that name' }));
