/** Which rows of the evaluation set are listed. */

export type RowFilter =
  | { readonly kind: 'differ' | 'lost' | 'gained' | 'wrong' | 'all' }
  /** Of a confusion matrix: the rows in one cell. */
  | {
      readonly kind: 'cell';
      readonly matrix: Matrix;
      readonly right: number;
      readonly given: number;
    };

/** Right answers against A's or B's, or A's against B's. */
export type Matrix = 'a' | 'b' | 'pair';

export interface RowSources {
  readonly a: readonly number[] | null;
  readonly b: readonly number[] | null;
  readonly labels: readonly number[] | null;
}

/** The two lists that a matrix counts; null if one is missing. */
export function sidesOf(
  matrix: Matrix,
  { a, b, labels }: RowSources,
): readonly [wanted: readonly number[], given: readonly number[]] | null {
  const [wanted, given] = matrix === 'pair' ? [a, b] : [labels, matrix === 'a' ? a : b];
  return wanted && given ? [wanted, given] : null;
}

/** Indices of the rows that `filter` takes, ascending. */
export function filteredRows(filter: RowFilter, sources: RowSources): readonly number[] {
  const { a, b, labels } = sources;
  if (filter.kind === 'cell') {
    const sides = sidesOf(filter.matrix, sources);
    if (!sides) return [];
    const [wanted, given] = sides;
    const total = Math.min(wanted.length, given.length);
    return rowsWhere(total, (row) => wanted[row] === filter.right && given[row] === filter.given);
  }
  const counts = [a, b].flatMap((answers) => (answers ? [answers.length] : []));
  const total = counts.length === 0 ? 0 : Math.min(...counts);
  const right = (answers: readonly number[] | null, row: number) =>
    answers !== null && labels !== null && answers[row] === labels[row];
  switch (filter.kind) {
    case 'all':
      return rowsWhere(total, () => true);
    case 'differ':
      return a && b ? rowsWhere(total, (row) => a[row] !== b[row]) : [];
    case 'lost':
      return labels ? rowsWhere(total, (row) => right(a, row) && !right(b, row)) : [];
    case 'gained':
      return labels ? rowsWhere(total, (row) => !right(a, row) && right(b, row)) : [];
    case 'wrong':
      return labels ? rowsWhere(total, (row) => !right(b, row)) : [];
  }
}

function rowsWhere(total: number, takes: (row: number) => boolean): readonly number[] {
  const rows: number[] = [];
  for (let row = 0; row < total; row++) if (takes(row)) rows.push(row);
  return rows;
}
