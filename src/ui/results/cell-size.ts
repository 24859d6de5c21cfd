import { formatBytes, formatMb } from '../../report/format.ts';

/** A size in a column headed MB; with its own unit where three decimals would say 0. */
export const cellSize = (byteLength: number): string =>
  byteLength < 1_000 ? formatBytes(byteLength) : formatMb(byteLength);
