import { paretoFront } from '../pareto.ts';
import { partWords } from '../partly-scored.ts';
import type { Axis, ChartedRun } from './axes.ts';
import type { MarkFamily } from './family-path.ts';
import { runFamily } from './run-family.ts';

export interface ChartPoint {
  readonly id: string;
  readonly name: string;
  readonly family: MarkFamily;
  readonly x: number;
  readonly y: number;
  /** Below and above `y`. */
  readonly error: readonly [number, number];
  readonly onFront: boolean;
  /** "132 of 793 rows" where an axis is of fewer rows than the other runs'; never on the front. */
  readonly part?: string;
  /** Whether the mark is filled, where that says something else than `onFront`. */
  readonly filled?: boolean;
}

/** The runs that have both figures, and those that lack one. */
export function chartPoints<R extends ChartedRun>(
  runs: readonly R[],
  x: Axis,
  y: Axis,
): { readonly points: readonly ChartPoint[]; readonly lacking: readonly R[] } {
  const partOf = (run: R) => (x.scored || y.scored ? partWords(run) : null);
  const placed = runs.map((run) => ({ run, x: x.value(run), y: y.value(run) }));
  const full = placed.flatMap((it) =>
    it.x !== null && it.y !== null ? [{ ...it, x: it.x, y: it.y }] : [],
  );
  const front = new Set(
    paretoFront(
      full.flatMap(({ run, x, y }) => (partOf(run) === null ? [{ id: run.id, x, y }] : [])),
      { xBetter: x.better, yBetter: y.better },
    ),
  );
  const points = full.map((it): ChartPoint => {
    const part = partOf(it.run);
    return {
      id: it.run.id,
      name: part === null ? it.run.name : `${it.run.name}, ${part}`,
      ...(part !== null && { part }),
      family: runFamily(it.run.recipe),
      x: it.x,
      y: it.y,
      error: y.error(it.run) ?? [0, 0],
      onFront: front.has(it.run.id),
    };
  });
  return {
    points,
    lacking: placed.filter((it) => it.x === null || it.y === null).map(({ run }) => run),
  };
}

/** The front as a staircase, from its best x to the plot's far edge: along to the next run, then over. */
export function staircase(
  points: readonly ChartPoint[],
  xBetter: 'low' | 'high',
  toX: (x: number) => number,
  toY: (y: number) => number,
  edge: number,
): string {
  const sign = xBetter === 'low' ? 1 : -1;
  const front = points.filter(({ onFront }) => onFront).toSorted((a, b) => sign * (a.x - b.x));
  const [first, ...rest] = front;
  if (!first || points.length < 2) return '';
  const steps = rest.map(({ x, y }) => `H${toX(x)}V${toY(y)}`).join('');
  return `M${toX(first.x)} ${toY(first.y)}${steps}H${edge}`;
}
