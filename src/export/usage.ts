import type { TargetId } from '../catalog/targets.ts';
import type { RunReport } from '../report/report.ts';
import type { NamedInput } from './model-inputs.ts';
import type { VariantDtype } from './variants.ts';

/** A file that came out of a run, and the model that it is. */
export interface Usage {
  /** As it lies on the disk after Download; the graph first, then its side files. */
  readonly files: readonly string[];
  readonly inputs: readonly NamedInput[];
  readonly outputs: readonly NamedInput[];
  readonly target: TargetId;
  readonly dtype: VariantDtype;
  /** What the model is for transformers.js: "text-classification"; null if nothing says. */
  readonly task: string | null;
  /** The folder of the repository layout: "sentiment-minilm". */
  readonly folder: string;
  /** Names of files that were opened with the model and lie in none of the run's: "tokenizer.json". */
  readonly companions: readonly string[];
  /** Tokens that texts were cut at where the file was measured; null if it was not measured on texts. */
  readonly cutAt: number | null;
  /** Names of the classes; empty if nothing names them. */
  readonly labels: readonly string[];
  /** Each class is a yes or no of its own. */
  readonly multiLabel: boolean;
  readonly run: Pick<RunReport, 'weights' | 'measurements'>;
}

export interface Snippet {
  readonly id: 'onnxruntime-web' | 'transformers.js' | 'python';
  readonly title: string;
  readonly language: 'js' | 'py';
  /** What to have ready: packages, files beside it. */
  readonly needs: string;
  /** null: why there is none for this model. */
  readonly code: string | null;
  readonly notes: readonly string[];
  /** A file that the person completes, as what is missing cannot be known from the model. */
  readonly template?: { readonly name: string; readonly text: string };
}

/** The file lies beside the model, from the run or as it was opened. */
export const hasFile = ({ files, companions }: Usage, name: string): boolean =>
  files.includes(name) || companions.includes(name);

/** Companions without which the model answers nobody: the run's own files are in the download. */
export const travelling = ({ companions }: Pick<Usage, 'companions'>): readonly string[] =>
  companions.filter((name) => TRAVELLING.has(name));

const TRAVELLING: ReadonlySet<string> = new Set([
  'tokenizer.json',
  'tokenizer_config.json',
  'config.json',
  'preprocessor_config.json',
]);

/** Files that code reads beside the model's own. */
export const filesBeside = (usage: Usage): readonly string[] =>
  ['tokenizer.json', 'tokenizer_config.json'].filter((name) => hasFile(usage, name));

/** Whether some weight is stored in this encoding. */
export const usesEncoding = ({ run }: Usage, ids: readonly string[]): boolean =>
  run.weights.some(
    ({ technique, encoding }) =>
      technique !== null && encoding.split(/[ +]+/).some((part) => ids.includes(part)),
  );

/** A text as a literal in JavaScript and in Python, whatever is in it. */
export const quoted = (text: string): string =>
  JSON.stringify(text.toWellFormed()).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** In a comment, where a line break would end it. */
export const commented = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
