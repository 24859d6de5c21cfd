/** What `config.json` of a Hugging Face folder says about labels and lengths. */
import { parseJson } from '../core/json-syntax.ts';
import { StudioError } from '../core/studio-error.ts';

const LABEL_LIMIT = 100_000;
const CONFIG_LIMIT = 4 * 2 ** 20;

export interface ModelConfig {
  /** Names by class index; empty if the file names none. */
  readonly labels: readonly string[];
  readonly labelIndex: ReadonlyMap<string, number>;
  readonly maxPositions: number | null;
  readonly padId: number | null;
  /** "LlamaForCausalLM"; empty if the file names none. */
  readonly architectures: readonly string[];
  /** The model gives a number, not a choice. */
  readonly isRegression: boolean;
  /** Each class is a yes or no of its own. */
  readonly isMultiLabel: boolean;
  /** Tokens that end a text; empty if the file names none. */
  readonly endIds: readonly number[];
}

export const NO_CONFIG: ModelConfig = {
  labels: [],
  labelIndex: new Map(),
  maxPositions: null,
  padId: null,
  architectures: [],
  isRegression: false,
  isMultiLabel: false,
  endIds: [],
};

/** @throws bad-dataset naming the file and the key */
export async function readConfig(path: string, blob: Blob): Promise<ModelConfig> {
  if (blob.size > CONFIG_LIMIT) {
    throw new StudioError('too-large', `${path} has ${blob.size} B; a config.json has a few kB.`, {
      detail: { file: path },
    });
  }
  const config = objectOf(parseJson(await blob.text(), path, 'bad-dataset'));
  if (!config) throw bad(path, '', 'is not a JSON object');
  const labelIndex = new Map<string, number>();
  const names: string[] = [];
  const name = (index: number, label: unknown, key: string) => {
    if (!Number.isInteger(index) || index < 0 || index >= LABEL_LIMIT) {
      throw bad(path, key, `has class ${index}; classes are numbered from 0`);
    }
    if (typeof label !== 'string') throw bad(path, key, `gives class ${index} no name`);
    names[index] ??= label;
    if (!labelIndex.has(label)) labelIndex.set(label, index);
  };
  for (const [index, label] of entriesOf(config, 'id2label', path)) {
    name(Number(index), label, 'id2label');
  }
  for (const [label, index] of entriesOf(config, 'label2id', path)) {
    name(Number(index), label, 'label2id');
  }
  return {
    labels: Array.from(names, (label, index) => label ?? `class ${index}`),
    labelIndex,
    maxPositions: countOf(config['max_position_embeddings'] ?? config['n_positions']),
    padId: Number.isInteger(config['pad_token_id']) ? Number(config['pad_token_id']) : null,
    architectures: textsOf(config['architectures']),
    isRegression: isRegression(config, names.length),
    isMultiLabel: config['problem_type'] === 'multi_label_classification',
    endIds: idsOf(config['eos_token_id']),
  };
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.slice(0, 16).filter((one) => typeof one === 'string') : [];

/** One id or a few. */
const idsOf = (value: unknown): number[] =>
  (Array.isArray(value) ? value.slice(0, 64) : [value]).filter((id) => Number.isInteger(id));

/** One "class" is a number; Hugging Face says so too where there are several. */
const isRegression = (config: Record<string, unknown>, labelCount: number): boolean =>
  config['problem_type'] === 'regression' || config['num_labels'] === 1 || labelCount === 1;

function entriesOf(
  config: Record<string, unknown>,
  key: string,
  path: string,
): [string, unknown][] {
  const value = config[key];
  if (value === undefined || value === null) return [];
  const entries = objectOf(value);
  if (!entries) throw bad(path, key, 'is not an object of classes');
  return Object.entries(entries);
}

export const objectOf = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;

/** A positive length that limits something; huge placeholders such as 10³⁰ mean none. */
export const countOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 1e7 ? value : null;

const bad = (path: string, key: string, fact: string) =>
  new StudioError(
    'bad-dataset',
    `${path}: ${key} ${fact}. Take the config.json of the model's export.`.replace(':  ', ': '),
    { detail: key ? { file: path, path: key } : { file: path } },
  );
