/** The drawing pad's cells: grey levels from 0 to 255, row-major. */

export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly levels: Uint8Array;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A pad has at most this many cells a side; the model's preprocessing makes them more. */
const MOST_CELLS = 64;

/** Cells for a model that takes images of this size; square where it takes any. */
export function padSize(width: number | null, height: number | null) {
  if (width === null || height === null) return { width: MOST_CELLS, height: MOST_CELLS };
  const shrink = Math.max(1, Math.max(width, height) / MOST_CELLS);
  return {
    width: Math.max(1, Math.round(width / shrink)),
    height: Math.max(1, Math.round(height / shrink)),
  };
}

export const blankGrid = (
  { width, height }: Pick<Grid, 'width' | 'height'>,
  level: number,
): Grid => ({ width, height, levels: new Uint8Array(width * height).fill(level) });

/** A pen as thick against the pad as handwritten digits are: 2.4 of 28 cells. */
export const penRadius = ({ width, height }: Pick<Grid, 'width' | 'height'>): number =>
  Math.max(0.5, (Math.min(width, height) * 1.2) / 28);

/**
 * The grid with a stroke from `from` to `to` in cell units (the first cell spans 0 to 1), its edge
 * one cell soft. Cells go towards `level` and never away from it.
 */
export function stroke(grid: Grid, from: Point, to: Point, level: number, radius: number): Grid {
  const levels = grid.levels.slice();
  const reach = radius + 0.5;
  const range = (a: number, b: number, most: number) =>
    [
      Math.max(0, Math.floor(Math.min(a, b) - reach)),
      Math.min(most - 1, Math.ceil(Math.max(a, b) + reach)),
    ] as const;
  const [left, right] = range(from.x, to.x, grid.width);
  const [top, bottom] = range(from.y, to.y, grid.height);
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const cell = { x: column + 0.5, y: row + 0.5 };
      const cover = Math.min(1, Math.max(0, reach - distanceTo(cell, from, to)));
      if (cover === 0) continue;
      const at = row * grid.width + column;
      const before = levels[at] ?? 0;
      const painted = Math.round(cover * level + (1 - cover) * (255 - level));
      levels[at] = level > 127 ? Math.max(before, painted) : Math.min(before, painted);
    }
  }
  return { ...grid, levels };
}

/** From a point to a segment. */
function distanceTo(point: Point, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : ((point.x - from.x) * dx + (point.y - from.y) * dy) / length2;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - (from.x + t * dx), point.y - (from.y + t * dy));
}
