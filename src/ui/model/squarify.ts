/** Squarified treemap layout (Bruls, Huizing, van Wijk 2000). */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Cell<T> extends Box {
  readonly item: T;
}

/**
 * Lays `items` out in `box` with areas in proportion to `area`, as square as they can be. Items
 * without area get none.
 */
export function squarify<T>(
  items: readonly T[],
  area: (item: T) => number,
  { x, y, width, height }: Box,
): readonly Cell<T>[] {
  const sorted = items
    .map((item) => ({ item, value: area(item) }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value);
  const total = sorted.reduce((sum, { value }) => sum + value, 0);
  const scale = (width * height) / total;
  const cells: Cell<T>[] = [];
  const free = { x, y, width, height };
  let next = 0;
  while (next < sorted.length) {
    const side = Math.min(free.width, free.height);
    const largest = (sorted[next]?.value ?? 0) * scale;
    let end = next;
    let sum = 0;
    let worst = Number.POSITIVE_INFINITY;
    for (; end < sorted.length; end += 1) {
      const value = (sorted[end]?.value ?? 0) * scale;
      const ratio = worstRatio(sum + value, largest, value, side);
      if (ratio > worst) break;
      worst = ratio;
      sum += value;
    }
    const thickness = side > 0 ? sum / side : 0;
    const along = free.width >= free.height;
    let offset = 0;
    for (const { item, value } of sorted.slice(next, end)) {
      const length = thickness > 0 ? (value * scale) / thickness : 0;
      cells.push(
        along
          ? { item, x: free.x, y: free.y + offset, width: thickness, height: length }
          : { item, x: free.x + offset, y: free.y, width: length, height: thickness },
      );
      offset += length;
    }
    if (along) {
      free.x += thickness;
      free.width -= thickness;
    } else {
      free.y += thickness;
      free.height -= thickness;
    }
    next = end;
  }
  return cells;
}

/** The less square of a row's largest and smallest cell: its longer side over its shorter. */
function worstRatio(sum: number, largest: number, smallest: number, side: number): number {
  const square = side * side;
  return Math.max((square * largest) / (sum * sum), (sum * sum) / (square * smallest));
}
