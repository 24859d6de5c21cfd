import { formatBytes, formatMb } from '../../report/format.ts';

/** Below this, three decimals of a MB would say next to nothing. */
const OWN_UNIT_BYTES = 1_000;

/** A size in a column headed MB; with its own unit where the figure would be near 0. */
export const cellSize = (byteLength: number): string =>
  byteLength < OWN_UNIT_BYTES ? formatBytes(byteLength) : formatMb(byteLength);

/** The unit that `cellSize` leaves to the column's head, for rows that stand without one. */
export const cellUnit = (byteLength: number): string | undefined =>
  byteLength < OWN_UNIT_BYTES ? undefined : 'MB';
