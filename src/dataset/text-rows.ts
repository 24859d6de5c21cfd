/** Rows of a table of sentences, tokenized when they are asked for. */
import { StudioError } from '../core/studio-error.ts';
import type { ModelConfig } from './config.ts';
import type { CsvTable } from './csv-table.ts';
import type { Role, RowSet } from './rows.ts';
import { type TokenInputs, tokenFeeds } from './token-inputs.ts';
import type { SentenceTokenizer } from './tokenizer.ts';

interface Source {
  readonly path: string;
  readonly role: Role;
  readonly table: CsvTable;
}

/** @throws bad-dataset naming the row whose label the model does not have */
export function textRows(
  { path, role, table }: Source,
  tokenizer: SentenceTokenizer,
  inputs: TokenInputs,
  config: ModelConfig,
): RowSet {
  const { texts } = table;
  const labels = table.labels?.map((label, index) => labelIndex(label, index + 2, path, config));
  const textAt = (index: number): string => {
    const text = texts[index];
    if (text === undefined) throw new RangeError(`row ${index} of ${texts.length}`);
    return text;
  };
  return {
    path,
    role,
    count: texts.length,
    feeds: (index) => tokenFeeds(tokenizer.encode(textAt(index)), inputs, tokenizer.padId),
    label: (index) => labels?.[index] ?? null,
    text: textAt,
    key: textAt,
  };
}

/**
 * The class of `label`: a name of config.json, a class number, or `LABEL_n`.
 * - `row` — counted from 1, the header
 */
function labelIndex(label: string, row: number, path: string, config: ModelConfig): number {
  const { labels, labelIndex: known } = config;
  const named = known.get(label) ?? known.get(label.trim());
  if (named !== undefined) return named;
  const number = /^(?:LABEL_)?(\d{1,6})$/.exec(label.trim())?.[1];
  const index = Number(number);
  if (number !== undefined && (labels.length === 0 || index < labels.length)) return index;
  const shown = `"${label.slice(0, 40)}"`;
  const remedy =
    labels.length > 0
      ? `config.json names ${labels
          .slice(0, 8)
          .map((name) => `"${name}"`)
          .join(', ')}. Use these.`
      : 'no config.json says which class that is. Drop it along, or use class numbers.';
  throw new StudioError('bad-dataset', `${path}: row ${row} has the label ${shown}; ${remedy}`, {
    detail: { file: path, path: `row ${row}, label` },
  });
}
