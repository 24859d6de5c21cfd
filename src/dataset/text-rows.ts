/** Rows of a table of sentences or pairs, tokenized when they are asked for. */
import type { Role, RowSet } from './rows.ts';
import type { Table } from './table.ts';
import { type TokenInputs, tokenFeeds } from './token-inputs.ts';
import type { SentenceTokenizer } from './tokenizer.ts';

interface Source {
  readonly table: Table;
  readonly role: Role;
  readonly text: number;
  readonly textPair: number | null;
  /** Column of the label; null without. */
  readonly label: number | null;
  /** By row of the table; null without. */
  readonly labels: readonly (number | null)[] | null;
}

/** A sentence a row, or the two of a pair as one row, by the tokenizer's template for pairs. */
export function textRows(
  { table, role, text, textPair, label, labels }: Source,
  tokenizer: SentenceTokenizer,
  inputs: TokenInputs,
): RowSet {
  const field = (index: number, column: number): string => {
    const row = table.rows[index];
    if (row === undefined) throw new RangeError(`row ${index} of ${table.rows.length}`);
    return row[column] ?? '';
  };
  const textAt = (index: number) =>
    textPair === null ? field(index, text) : `${field(index, text)} ${field(index, textPair)}`;
  return {
    path: table.path,
    role,
    width: 1,
    count: table.rows.length,
    feeds: (index) => {
      const tokens =
        textPair === null
          ? tokenizer.encode(field(index, text))
          : tokenizer.encodePair(field(index, text), field(index, textPair));
      return tokenFeeds(tokens, inputs, tokenizer.padId);
    },
    label: (index) => labels?.[index] ?? null,
    written: (index) => (label === null ? null : field(index, label)),
    tokens: () => null,
    text: textAt,
    sides: (index) => (textPair === null ? null : [field(index, text), field(index, textPair)]),
    key: (index) =>
      textPair === null
        ? field(index, text)
        : JSON.stringify([field(index, text), field(index, textPair)]),
  };
}

/** The two texts of a pair as two rows, for models that embed one text at a time. */
export function pairRows(
  source: Source & { readonly textPair: number },
  tokenizer: SentenceTokenizer,
  inputs: TokenInputs,
): RowSet {
  const { text, textPair, labels } = source;
  const sides = [text, textPair].map((column) =>
    textRows({ ...source, text: column, textPair: null }, tokenizer, inputs),
  );
  const [first, second] = sides;
  if (!first || !second) throw new RangeError('a pair has two sides');
  const side = (index: number) => (index % 2 === 0 ? first : second);
  const pair = (index: number) => Math.floor(index / 2);
  return {
    ...first,
    width: 2,
    count: 2 * first.count,
    feeds: (index) => side(index).feeds(pair(index)),
    label: (index) => labels?.[pair(index)] ?? null,
    written: () => null,
    text: (index) => side(index).text(pair(index)),
    key: (index) => JSON.stringify([first.key(pair(index)), second.key(pair(index))]),
  };
}
