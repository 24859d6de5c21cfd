import { useMemo, useState } from 'react';
import { AXES, type Axis, type AxisId, axisOf } from '../../report/chart/axes.ts';
import type { Metric } from '../../report/metric.ts';

export interface ChartChoice {
  /** Of the rows' task; null without labels. */
  readonly metric: Metric | null;
  readonly xId: AxisId;
  readonly yId: AxisId;
  readonly x: Axis;
  readonly y: Axis;
  readonly asTable: boolean;
  readonly setX: (id: AxisId) => void;
  readonly setY: (id: AxisId) => void;
  readonly setAsTable: (asTable: boolean) => void;
}

/** What a person sees of the trade-off: which axes, and whether as a chart or as a table. */
export function useChartChoice(metric: Metric | null): ChartChoice {
  const [xId, setX] = useState<AxisId>('size');
  const [chosenY, setY] = useState<AxisId | null>(null);
  const [asTable, setAsTable] = useState(false);
  const yId = chosenY ?? (metric ? 'accuracy' : 'cosine');
  const [x, y] = useMemo(() => [AXES[xId], axisOf(yId, metric)], [xId, yId, metric]);
  return { metric, xId, yId, x, y, asTable, setX, setY, setAsTable };
}
