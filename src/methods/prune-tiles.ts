/** How a weight is cut into pieces for pruning. Pure. */
import type { AxisShape } from '../reference/n-of-m-mask.ts';

/** Elements `[first, first + count)`: whole slices, or part of one along its axis. */
export interface PruneTile {
  readonly first: number;
  readonly count: number;
  /** Of the piece itself. */
  readonly axisLength: number;
}

/** Pieces of at most `limit` elements; all but the last begin and end at whole bytes of a mask. */
export function flatTiles(count: number, limit: number): readonly PruneTile[] {
  const step = Math.max(32, Math.floor(limit / 32) * 32);
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => {
    const own = Math.min(step, count - i * step);
    return { first: i * step, count: own, axisLength: own };
  });
}

/** The fewest elements of a piece that cuts the axis only where a group of `m` begins. */
export const smallestAxisTile = ({ axisLength, inner }: AxisShape, m: number): number =>
  Math.min(axisLength, m) * inner;

/** Pieces of a weight [outer, axisLength, inner] of at most `limit` elements where that is enough. */
export function axisTiles(
  count: number,
  { axisLength, inner }: AxisShape,
  m: number,
  limit: number,
): readonly PruneTile[] {
  const slice = axisLength * inner;
  const tiles: PruneTile[] = [];
  if (slice <= limit) {
    const step = Math.floor(limit / slice) * slice;
    for (let first = 0; first < count; first += step) {
      tiles.push({ first, count: Math.min(step, count - first), axisLength });
    }
    return tiles;
  }
  const rows = Math.max(m, Math.floor(limit / inner / m) * m);
  for (let start = 0; start < count; start += slice) {
    for (let row = 0; row < axisLength; row += rows) {
      const own = Math.min(rows, axisLength - row);
      tiles.push({ first: start + row * inner, count: own * inner, axisLength: own });
    }
  }
  return tiles;
}
