/** Runs with a place on one axis only: where they will stand once the other is measured. */
import type { Axis } from '../../report/chart/axes.ts';
import type { Run } from '../../state/run.ts';

export interface PendingRun {
  readonly id: string;
  readonly name: string;
  readonly x: number;
}

/** More would cover one another. */
const MOST = 3;
const LINE = 15;

/** The last ones; the baseline, which all is compared with, in any case. */
export function pendingRuns(lacking: readonly Run[], x: Axis, y: Axis): readonly PendingRun[] {
  const placed = lacking.flatMap((run) => {
    const at = y.value(run) === null ? x.value(run) : null;
    return at === null ? [] : [{ id: run.id, name: run.name, x: at, kind: run.kind }];
  });
  const baseline = placed.filter(({ kind }) => kind === 'baseline');
  const others = placed.filter(({ kind }) => kind !== 'baseline');
  return [...baseline, ...others.slice(-(MOST - baseline.length))];
}

interface Props {
  readonly pending: readonly PendingRun[];
  readonly toX: (value: number) => number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  /** What they lack: "accuracy". */
  readonly missing: string;
}

/** A mark on the axis for each, with its name. */
export function PendingRuns({ pending, toX, left, right, bottom, missing }: Props) {
  return pending
    .filter(({ x }) => toX(x) >= left && toX(x) <= right)
    .map(({ id, name, x }, index) => {
      const at = toX(x);
      const top = bottom - 26 - index * LINE;
      const isLeft = at > (left + right) / 2;
      return (
        <g key={id}>
          <path d={`M${at} ${bottom}V${top - 4}`} stroke="var(--text-2)" strokeDasharray="2 3" />
          <text
            x={at + (isLeft ? -6 : 6)}
            y={top + 4}
            textAnchor={isLeft ? 'end' : 'start'}
            fill="var(--text-2)"
            stroke="var(--surface)"
            strokeWidth={3}
            paintOrder="stroke"
          >
            {name}: {missing} not measured yet
          </text>
        </g>
      );
    });
}
