import type { SortKey } from './weight-list.ts';
import type { View } from './weight-state.ts';

export interface Column {
  readonly key: SortKey;
  readonly label: string;
  readonly numeric: boolean;
  /** In pixels; null takes what is left. */
  readonly width: number | null;
}

/** Of a row of either table of weights, in pixels. */
export const ROW_HEIGHT = 24;

/** Of the widest system font, so that encodings are never cut twice. */
const CHARACTER_WIDTH = 6.8;
/** Room that a name has at least before another column is shown. */
const LEAST_NAME = 190;

/** Swatch and padding beside an encoding, and the room of the longest one that is not cut. */
const ENCODING_EDGE = 34;
const ENCODING_LEAST = 80;
const ENCODING_MOST = 126;

const ALL: readonly View[] = ['original', 'planned', 'now'];

/** Shown in this order; those of a higher rank only where there is room. */
const COLUMNS: readonly (Column & { readonly rank: number; readonly views: readonly View[] })[] = [
  { key: 'name', label: 'Weight', numeric: false, width: null, rank: 0, views: ALL },
  { key: 'op', label: 'Operator', numeric: false, width: 96, rank: 2, views: ALL },
  { key: 'shape', label: 'Shape', numeric: false, width: 104, rank: 1, views: ALL },
  { key: 'elements', label: 'Parameters', numeric: true, width: 92, rank: 4, views: ALL },
  { key: 'bytes', label: 'MB', numeric: true, width: 58, rank: 0, views: ALL },
  { key: 'share', label: '%', numeric: true, width: 52, rank: 0, views: ['original', 'planned'] },
  { key: 'share', label: '%', numeric: true, width: 52, rank: 3, views: ['now'] },
  {
    key: 'after',
    label: 'Stays, MB',
    numeric: true,
    width: 78,
    rank: 3,
    views: ['planned', 'now'],
  },
  {
    key: 'encoding',
    label: 'Type',
    numeric: false,
    width: ENCODING_MOST,
    rank: 0,
    views: ['original'],
  },
  {
    key: 'encoding',
    label: 'Planned',
    numeric: false,
    width: ENCODING_MOST,
    rank: 0,
    views: ['planned'],
  },
  {
    key: 'encoding',
    label: 'Encoding',
    numeric: false,
    width: ENCODING_MOST,
    rank: 0,
    views: ['now'],
  },
  { key: 'sqnr', label: 'SQNR, dB', numeric: true, width: 76, rank: 0, views: ['now'] },
];

export interface Columns {
  readonly columns: readonly Column[];
  /** Of a name, in pixels. */
  readonly room: number;
}

/**
 * The columns that a table of this width has room for.
 * - `encodingLength` — characters of the longest encoding in view
 */
export function columnsFor(view: View, width: number, encodingLength: number): Columns {
  const encoding = Math.ceil(encodingLength * CHARACTER_WIDTH) + ENCODING_EDGE;
  const fitting = Math.min(ENCODING_MOST, Math.max(ENCODING_LEAST, encoding));
  const all = COLUMNS.filter(({ views }) => views.includes(view)).map((it) =>
    it.key === 'encoding' ? { ...it, width: fitting } : it,
  );
  const widthOf = (rank: number) =>
    all.filter((it) => it.rank <= rank).reduce((sum, it) => sum + (it.width ?? 0), 0);
  const most = [4, 3, 2, 1].find((rank) => width - widthOf(rank) >= LEAST_NAME) ?? 0;
  const columns = all.filter(({ rank }) => rank <= most);
  return { columns, room: width - widthOf(most) - 26 };
}
