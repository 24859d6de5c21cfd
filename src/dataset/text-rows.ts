/** Rows of a table of sentences or pairs, tokenized when they are asked for. */
import { alignTokens, placesOf } from './align-tokens.ts';
import type { TokenFeeding } from './open-tokens.ts';
import type { Role, RowSet } from './rows.ts';
import type { Table } from './table.ts';
import { tokenFeeds } from './token-inputs.ts';
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
  feeding: TokenFeeding,
): RowSet {
  const { tokenizer, inputs, original } = feeding;
  const field = (index: number, column: number): string => {
    const row = table.rows[index];
    if (row === undefined) throw new RangeError(`row ${index} of ${table.rows.length}`);
    return row[column] ?? '';
  };
  const encoded = (by: SentenceTokenizer, index: number) =>
    textPair === null
      ? by.encode(field(index, text))
      : by.encodePair(field(index, text), field(index, textPair));
  const textAt = (index: number) =>
    textPair === null ? field(index, text) : `${field(index, text)} ${field(index, textPair)}`;
  return {
    path: table.path,
    role,
    width: 1,
    count: table.rows.length,
    feeds: (index) => tokenFeeds(encoded(tokenizer, index), inputs, tokenizer.padId),
    label: (index) => labels?.[index] ?? null,
    written: (index) => (label === null ? null : field(index, label)),
    tokens: () => null,
    places: (index) => {
      if (!original) return null;
      const [theirs, own] = [encoded(original, index).ids, encoded(tokenizer, index).ids];
      const ends = alignTokens(original.spell(theirs), tokenizer.spell(own));
      return placesOf(ends, own.length, inputs.fixedLength);
    },
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
  feeding: TokenFeeding,
): RowSet {
  const { text, textPair, labels } = source;
  const sides = [text, textPair].map((column) =>
    textRows({ ...source, text: column, textPair: null }, feeding),
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
    places: (index) => side(index).places?.(pair(index)) ?? null,
    text: (index) => side(index).text(pair(index)),
    key: (index) => JSON.stringify([first.key(pair(index)), second.key(pair(index))]),
  };
}
