interface Props {
  readonly label: string;
  readonly numeric: boolean;
  readonly width: number | null;
  /** null if the table is sorted by another column. */
  readonly descending: boolean | null;
  readonly onSort: (descending: boolean) => void;
}

/** The head of a column that sorts the table: figures from the largest, names from the first. */
export function SortableHead({ label, numeric, width, descending, onSort }: Props) {
  const direction = descending === null ? undefined : descending ? 'descending' : 'ascending';
  return (
    <th
      className={numeric ? 'num' : ''}
      style={width === null ? undefined : { width }}
      aria-sort={direction}
    >
      <button type="button" onClick={() => onSort(descending === null ? numeric : !descending)}>
        {label}
        {descending !== null && <span aria-hidden="true"> {descending ? '↓' : '↑'}</span>}
      </button>
    </th>
  );
}
