/** A table of text and label columns from CSV or TSV, read as Python's `csv` reads it. */
import Papa from 'papaparse';
import { StudioError } from '../core/studio-error.ts';

const FILE_LIMIT = 128 * 2 ** 20;
const ROW_LIMIT = 500_000;
const TEXT_COLUMNS = ['text', 'sentence'];
const LABEL_COLUMNS = ['label', 'labels'];

export interface CsvTable {
  readonly texts: readonly string[];
  /** null if the file has no label column. */
  readonly labels: readonly string[] | null;
}

/** @throws bad-dataset naming file, row (from 1, the header) or column; too-large */
export async function readCsv(path: string, blob: Blob): Promise<CsvTable> {
  const bad = (fact: string, place?: string) =>
    new StudioError('bad-dataset', `${path}: ${fact}`, {
      detail: place === undefined ? { file: path } : { file: path, path: place },
    });
  if (blob.size > FILE_LIMIT) {
    throw new StudioError('too-large', `${path} has ${blob.size} B; at most 128 MiB are read.`, {
      detail: { file: path },
    });
  }
  const text = decode(new Uint8Array(await blob.arrayBuffer()), bad);
  const parsed = Papa.parse<string[]>(text, { delimiter: delimiterOf(text), header: false });
  const [problem] = parsed.errors.filter(({ type }) => type === 'Quotes');
  if (problem) {
    const row = (problem.row ?? 0) + 1;
    throw bad(
      `row ${row} has a quote that is not closed. Double the quotes inside a field.`,
      `row ${row}`,
    );
  }
  const [header = [], ...body] = parsed.data;
  const names = header.map((name) => name.trim().toLowerCase());
  const column = (wanted: readonly string[]) => names.findIndex((name) => wanted.includes(name));
  const textColumn = column(TEXT_COLUMNS);
  if (textColumn < 0) {
    const found = header.map((name) => `"${name.slice(0, 40)}"`).slice(0, 10);
    throw bad(
      `has no column "text" or "sentence", but ${found.join(', ') || 'nothing'}. Rename one.`,
      'row 1',
    );
  }
  const labelColumn = column(LABEL_COLUMNS);
  const texts: string[] = [];
  const labels: string[] = [];
  body.forEach((fields, index) => {
    if (fields.length === 1 && fields[0] === '') return; // a blank line
    if (fields.length !== header.length) {
      const row = index + 2;
      throw bad(
        `row ${row} has ${fields.length} fields and the header ${header.length}. Put quotes around a field that holds the separator.`,
        `row ${row}`,
      );
    }
    texts.push(fields[textColumn] ?? '');
    labels.push(fields[labelColumn] ?? '');
  });
  if (texts.length === 0) throw bad('has a header and no rows. Add rows of text.');
  if (texts.length > ROW_LIMIT) {
    throw bad(`has ${texts.length} rows; at most ${ROW_LIMIT} are read. Keep fewer.`);
  }
  return { texts, labels: labelColumn < 0 ? null : labels };
}

function decode(bytes: Uint8Array, bad: (fact: string) => StudioError): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes); // drops a byte-order mark
  } catch {
    throw bad('is not UTF-8 text. Save it as "CSV UTF-8".');
  }
}

/** The separator that the header line holds; a lone column needs none. */
function delimiterOf(text: string): string {
  const header = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  return [',', '\t', ';'].find((delimiter) => header.includes(delimiter)) ?? ',';
}
