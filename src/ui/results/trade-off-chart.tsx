import { useElementSize } from '@mantine/hooks';
import { memo, useMemo, useState } from 'react';
import { CartesianGrid, Scatter, ScatterChart, XAxis, YAxis } from 'recharts';
import type { Axis } from '../../report/chart/axes.ts';
import type { MarkFamily } from '../../report/chart/family-path.ts';
import type { ChartPoint } from '../../report/chart/points.ts';
import { linearScale, logScale, type Scale } from '../../report/chart/scale.ts';
import { type ChartView, isWithin, partOf } from '../../report/chart/view.ts';
import { formatNumber } from '../../report/format.ts';
import { ChartMark } from './chart-mark.tsx';
import { ChartOverlay } from './chart-overlay.tsx';
import { ChartPlanContext, type Plan } from './chart-plan.ts';
import { ChartZoom } from './chart-zoom.tsx';
import { ErrorBars } from './error-bars.tsx';
import type { PendingRun } from './pending-runs.tsx';
import { PlotFrame } from './plot-frame.tsx';
import { PLOT_MARGIN, X_AXIS_HEIGHT, Y_AXIS_WIDTH } from './plot-geometry.ts';

interface Props {
  readonly points: readonly ChartPoint[];
  readonly pending: readonly PendingRun[];
  readonly x: Axis;
  readonly y: Axis;
  readonly plan: Plan | null;
  /** What no run has while there are no points: "accuracy". */
  readonly missing: string;
  readonly onSelect: (id: string) => void;
}

const TICK = { fontSize: 11, fill: 'var(--text-3)' };

/**
 * Points by family with their intervals, on scales that hold the plan too, or on a part of them. A
 * zoom holds for one pair of axes: give another key with others.
 */
export const TradeOffChart = memo(function TradeOffChart(props: Props) {
  const { points, pending, x, y, plan, missing, onSelect } = props;
  const [view, onView] = useState<ChartView | null>(null);
  const { ref, width, height } = useElementSize();
  const fullX = useScale(x, [
    ...[...points, ...pending].map((point) => point.x),
    ...(plan ? [plan.x] : []),
  ]);
  const fullY = useScale(
    y,
    points.flatMap((point) => [point.y - point.error[0], point.y + point.error[1]]),
  );
  const scaleX = useMemo(() => (view ? partOf(fullX, view.x) : fullX), [view, fullX]);
  const scaleY = useMemo(() => (view ? partOf(fullY, view.y) : fullY), [view, fullY]);
  const inView = useMemo(
    () =>
      view
        ? points.filter((point) => isWithin(view.x, point.x) && isWithin(view.y, point.y))
        : points,
    [view, points],
  );
  const zooming = { full: { x: fullX, y: fullY }, view, log: { x: x.log, y: y.log }, onView };
  return (
    <ChartPlanContext value={plan}>
      <div className="plot">
        <div ref={ref}>
          {width > 0 && height > 0 && (
            <PlotFrame {...{ width, height, zooming }}>
              <Plot
                {...{ width, height, points, pending, inView }}
                {...{ x, y, scaleX, scaleY, missing, onSelect }}
              />
            </PlotFrame>
          )}
          <ChartZoom zooming={zooming} />
        </div>
      </div>
    </ChartPlanContext>
  );
});

/** Around `values`: another one only where their least or largest is another. */
function useScale(axis: Axis, values: readonly number[]): Scale {
  const placed = axis.log ? values.filter((value) => value > 0) : values;
  const [least, most] = [Math.min(...placed), Math.max(...placed)];
  return useMemo(() => {
    const ends = least <= most ? [least, most] : [];
    return axis.log ? logScale(ends) : linearScale(ends, axis.linear);
  }, [axis, least, most]);
}

interface PlotProps extends Omit<Props, 'plan'> {
  readonly width: number;
  readonly height: number;
  readonly inView: readonly ChartPoint[];
  readonly scaleX: Scale;
  readonly scaleY: Scale;
}

/** Drawn again for other points or scales, not for a plan that moves within them. */
const Plot = memo(function Plot(props: PlotProps) {
  const { width, height, points, pending, inView, x, y } = props;
  const { scaleX, scaleY, missing, onSelect } = props;
  const families = [...new Set(inView.map(({ family }) => family))];
  return (
    <ScatterChart width={width} height={height} margin={PLOT_MARGIN} accessibilityLayer={false}>
      <CartesianGrid stroke="var(--grid)" />
      <XAxis
        type="number"
        dataKey="x"
        {...axisProps(x, scaleX)}
        axisLine={{ stroke: 'var(--line-strong)' }}
        height={X_AXIS_HEIGHT}
      />
      <YAxis
        type="number"
        dataKey="y"
        {...axisProps(y, scaleY)}
        axisLine={false}
        width={Y_AXIS_WIDTH}
      />
      <ErrorBars points={inView} />
      {families.map((family) => (
        <FamilyPoints
          key={family}
          {...{ family, x, y, onSelect }}
          points={inView.filter((point) => point.family === family)}
        />
      ))}
      <ChartOverlay {...{ points, pending, x, y, missing }} />
    </ScatterChart>
  );
});

interface FamilyProps extends Pick<Props, 'points' | 'x' | 'y' | 'onSelect'> {
  readonly family: MarkFamily;
}

/** What recharts gives the shape of a point. */
interface Placed {
  cx?: number | undefined;
  cy?: number | undefined;
  payload?: unknown;
}

function FamilyPoints({ family, points, x, y, onSelect }: FamilyProps) {
  return (
    <Scatter
      name={family}
      data={[...points]}
      isAnimationActive={false}
      shape={({ cx = 0, cy = 0, payload }: Placed) => (
        <ChartMark {...{ cx, cy, x, y, onSelect }} point={payload as ChartPoint} />
      )}
    />
  );
}

const axisProps = ({ log }: Axis, { low, high, ticks }: Scale) => ({
  scale: log ? ('log' as const) : ('linear' as const),
  domain: [low, high] as [number, number],
  allowDataOverflow: true,
  ticks: [...ticks],
  interval: 0 as const,
  tick: TICK,
  tickLine: false,
  tickFormatter: tickWords,
});

const tickWords = (value: number): string => {
  const digits = String(value).split('.')[1]?.length ?? 0;
  return formatNumber(value, Math.min(5, digits));
};
