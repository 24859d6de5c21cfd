/** A table from CSV or TSV, read as Python's `csv` reads it. */
import Papa from 'papaparse';
import { badTable, checkTable, type Table, tableText } from './table.ts';

/** @throws bad-dataset naming file and row (from 1, the header); too-large */
export async function readCsv(path: string, blob: Blob): Promise<Table> {
  const text = await tableText(path, blob);
  const delimiter = /\.tsv$/i.test(path) ? '\t' : delimiterOf(text);
  const parsed = Papa.parse<string[]>(text, { delimiter, header: false });
  const [problem] = parsed.errors.filter(({ type }) => type === 'Quotes');
  if (problem) {
    const row = (problem.row ?? 0) + 1;
    const fact = `row ${row} has a quote that is not closed. Double the quotes inside a field.`;
    throw badTable(path, fact, `row ${row}`);
  }
  const [columns = [], ...body] = parsed.data;
  if (columns.every((name) => name.trim() === '')) {
    throw badTable(path, 'has no header. Name the columns in its first row.', 'row 1');
  }
  const rows: string[][] = [];
  const numbers: number[] = [];
  body.forEach((fields, index) => {
    if (fields.length === 1 && fields[0] === '') return; // a blank line
    const row = index + 2;
    if (fields.length !== columns.length) {
      throw badTable(
        path,
        `row ${row} has ${fields.length} fields and the header ${columns.length}. Put quotes around a field that holds the separator.`,
        `row ${row}`,
      );
    }
    rows.push(fields);
    numbers.push(row);
  });
  return checkTable({ path, columns, rows, numbers });
}

/** The separator that the header line holds; a lone column needs none. */
function delimiterOf(text: string): string {
  const header = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  return [',', '\t', ';'].find((delimiter) => header.includes(delimiter)) ?? ',';
}
