import { meaningIn } from '../glossary.ts';
import { Hint } from '../hint.tsx';

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
  const meaning = meaningIn(label);
  const button = (
    <button
      type="button"
      aria-description={meaning ?? undefined}
      onClick={() => onSort(descending === null ? numeric : !descending)}
    >
      <span className={meaning === null ? undefined : 'explained'}>{label}</span>
      {descending !== null && <span aria-hidden="true"> {descending ? '↓' : '↑'}</span>}
    </button>
  );
  return (
    <th
      className={numeric ? 'num' : ''}
      style={width === null ? undefined : { width }}
      aria-sort={direction}
    >
      {meaning === null ? button : <Hint label={meaning}>{button}</Hint>}
    </th>
  );
}
