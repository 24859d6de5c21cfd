/** A table from JSON lines: one object a line, its keys the columns. */
import { parseJson } from '../core/json-syntax.ts';
import { objectOf } from './config.ts';
import { badTable, checkTable, TABLE_COLUMNS, TABLE_ROWS, type Table, tableText } from './table.ts';

const LINE_LIMIT = 2 ** 20;

/**
 * A key that a line lacks, or has as null, is an empty field; lists and objects are no fields.
 * @throws bad-dataset naming file and line; too-large
 */
export async function readJsonLines(path: string, blob: Blob): Promise<Table> {
  const text = await tableText(path, blob);
  const columns = new Map<string, number>();
  const rows: string[][] = [];
  const numbers: number[] = [];
  let start = 0;
  for (let line = 1; start < text.length; line++) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (end - start > LINE_LIMIT) {
      throw badTable(path, `line ${line} has over ${LINE_LIMIT} characters.`, `line ${line}`);
    }
    const source = text.slice(start, end).trim();
    start = end + 1;
    if (source === '') continue;
    const place = `line ${line}`;
    const record = objectOf(parseJson(source, `${path}, ${place}`, 'bad-dataset'));
    if (!record) throw badTable(path, `${place} is not a JSON object.`, place);
    const fields: string[] = [];
    for (const [key, value] of Object.entries(record)) {
      const field = fieldOf(value);
      if (field === null) continue;
      const index = columns.get(key) ?? columns.size;
      if (index >= TABLE_COLUMNS) {
        throw badTable(path, `has over ${TABLE_COLUMNS} keys, up to ${place}.`, place);
      }
      columns.set(key, index);
      fields[index] = field;
    }
    rows.push(fields);
    numbers.push(line);
    if (rows.length > TABLE_ROWS) {
      throw badTable(path, `has over ${TABLE_ROWS} rows; at most that many are read. Keep fewer.`);
    }
  }
  const complete = rows.map((row) =>
    Array.from({ length: columns.size }, (_, at) => row[at] ?? ''),
  );
  if (columns.size === 0) throw badTable(path, 'has no rows with texts or numbers. Add some.');
  return checkTable({ path, columns: [...columns.keys()], rows: complete, numbers });
}

function fieldOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}
