/** A table of fields by column, and which columns hold texts and labels. */
import { StudioError } from '../core/studio-error.ts';
import type { ColumnRole, Mapping, Need } from './mapping.ts';

export const TABLE_BYTES = 128 * 2 ** 20;
export const TABLE_ROWS = 500_000;
export const TABLE_COLUMNS = 1000;

export interface Table {
  readonly path: string;
  readonly columns: readonly string[];
  /** Fields in the order of `columns`. */
  readonly rows: readonly (readonly string[])[];
  /** Where each row stands in the file, counted from 1. */
  readonly numbers: readonly number[];
}

const TEXT_COLUMNS = ['text', 'sentence'];
const PAIR_COLUMNS = [
  ['text_a', 'text_b'],
  ['sentence1', 'sentence2'],
  ['premise', 'hypothesis'],
  ['question1', 'question2'],
] as const;
const LABEL_COLUMNS = ['label', 'labels', 'score'];

export interface PickedColumns {
  readonly text: number;
  readonly textPair: number | null;
  readonly label: number | null;
}

/** The columns by the person's mapping where the table has them, else by their names. */
export function pickColumns(table: Table, { columns: mapped }: Mapping): PickedColumns | Need {
  const byMapping = (role: ColumnRole) => {
    const name = mapped[role];
    const index = name === undefined ? -1 : table.columns.indexOf(name);
    return index < 0 ? null : index;
  };
  const names = table.columns.map((name) => name.trim().toLowerCase());
  const byName = (wanted: readonly string[]) => {
    const name = wanted.find((candidate) => names.includes(candidate));
    return name === undefined ? null : names.indexOf(name);
  };
  const label = byMapping('label') ?? byName(LABEL_COLUMNS);
  const text = byMapping('text') ?? byName(TEXT_COLUMNS);
  if (text !== null) return { text, textPair: byMapping('textPair'), label };
  const [first, second] =
    PAIR_COLUMNS.find(([a, b]) => names.includes(a) && names.includes(b)) ?? [];
  if (first !== undefined && second !== undefined) {
    return { text: names.indexOf(first), textPair: names.indexOf(second), label };
  }
  return {
    kind: 'columns',
    file: table.path,
    reason: `${table.path} has no column "text" or "sentence".`,
    missing: label === null ? ['text', 'label'] : ['text'],
    columns: table.columns,
    examples: table.rows.slice(0, 3).map((row) => row.map((field) => field.slice(0, 80))),
  };
}

export const isNeed = <T extends object>(value: T | Need): value is Need =>
  'kind' in value && 'reason' in value;

/** Counts of a finished table. @throws bad-dataset, too-large */
export function checkTable(table: Table): Table {
  const { path, columns, rows } = table;
  if (columns.length > TABLE_COLUMNS) {
    throw badTable(path, `has ${columns.length} columns; at most ${TABLE_COLUMNS} are read.`);
  }
  if (rows.length === 0) throw badTable(path, 'has a header and no rows. Add rows of text.');
  if (rows.length > TABLE_ROWS) {
    throw badTable(path, `has ${rows.length} rows; at most ${TABLE_ROWS} are read. Keep fewer.`);
  }
  return table;
}

/** The text of a table's file. @throws bad-dataset unless it is UTF-8; too-large */
export async function tableText(path: string, blob: Blob): Promise<string> {
  if (blob.size > TABLE_BYTES) {
    throw new StudioError('too-large', `${path} has ${blob.size} B; at most 128 MiB are read.`, {
      detail: { file: path },
    });
  }
  try {
    // Drops a byte-order mark.
    return new TextDecoder('utf-8', { fatal: true }).decode(await blob.arrayBuffer());
  } catch {
    throw badTable(path, 'is not UTF-8 text. Save it as "CSV UTF-8".');
  }
}

/** - `place` — "row 3" */
export const badTable = (path: string, fact: string, place?: string): StudioError =>
  new StudioError('bad-dataset', `${path}: ${fact}`, {
    detail: place === undefined ? { file: path } : { file: path, path: place },
  });
