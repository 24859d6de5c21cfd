export interface ParetoPoint {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

export interface ParetoAxes {
  readonly xBetter: 'low' | 'high';
  readonly yBetter: 'low' | 'high';
}

/**
 * Ids of the points that no other point beats (at least as good on both axes and better on one),
 * best x first. Equal points stand together; points without both figures take no part.
 */
export function paretoFront(points: readonly ParetoPoint[], axes: ParetoAxes): readonly string[] {
  const costX = axes.xBetter === 'low' ? 1 : -1;
  const costY = axes.yBetter === 'low' ? 1 : -1;
  const sorted = points
    .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))
    .map(({ id, x, y }) => ({ id, x: x * costX, y: y * costY }))
    .sort((a, b) => a.x - b.x || a.y - b.y);
  const front: string[] = [];
  let best = { x: Number.NaN, y: Number.POSITIVE_INFINITY };
  for (const point of sorted) {
    const equal = point.x === best.x && point.y === best.y;
    if (!equal && point.y >= best.y) continue;
    front.push(point.id);
    best = point;
  }
  return front;
}
