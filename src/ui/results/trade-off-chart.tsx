import { useElementSize } from '@mantine/hooks';
import { memo } from 'react';
import { CartesianGrid, ErrorBar, Scatter, ScatterChart, XAxis, YAxis } from 'recharts';
import type { Axis } from '../../report/chart/axes.ts';
import { familyPath, type MarkFamily } from '../../report/chart/family-path.ts';
import type { ChartPoint } from '../../report/chart/points.ts';
import { linearScale, logScale, type Scale } from '../../report/chart/scale.ts';
import { formatNumber } from '../../report/format.ts';
import { ChartOverlay, type Plan } from './chart-overlay.tsx';

interface Props {
  readonly points: readonly ChartPoint[];
  readonly x: Axis;
  readonly y: Axis;
  readonly plan: Plan | null;
  readonly selectedId: string | null;
  /** What no run has while there are no points: "accuracy". */
  readonly missing: string;
  readonly onSelect: (id: string) => void;
}

const TICK = { fontSize: 11, fill: 'var(--text-3)' };

/** Points by family with their intervals, on scales that hold the plan too. */
export const TradeOffChart = memo(function TradeOffChart(props: Props) {
  const { points, x, y, plan, selectedId, missing, onSelect } = props;
  const { ref, width, height } = useElementSize();
  const scaleX = scaleFor(x, [...points.map((point) => point.x), ...(plan ? [plan.x] : [])]);
  const scaleY = scaleFor(
    y,
    points.flatMap((point) => [point.y - point.error[0], point.y + point.error[1]]),
  );
  const families = [...new Set(points.map(({ family }) => family))];
  return (
    <div className="plot">
      <div ref={ref}>
        {width > 0 && height > 0 && (
          <ScatterChart
            width={width}
            height={height}
            margin={{ top: 26, right: 16, bottom: 20, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid stroke="var(--grid)" />
            <XAxis
              type="number"
              dataKey="x"
              {...axisProps(x, scaleX)}
              axisLine={{ stroke: 'var(--line-strong)' }}
              height={20}
            />
            <YAxis
              type="number"
              dataKey="y"
              {...axisProps(y, scaleY)}
              axisLine={false}
              width={44}
            />
            {families.map((family) => (
              <Scatter
                key={family}
                name={family}
                data={points.filter((point) => point.family === family)}
                isAnimationActive={false}
                shape={(mark: {
                  cx?: number | undefined;
                  cy?: number | undefined;
                  payload?: unknown;
                }) => (
                  <Mark
                    cx={mark.cx ?? 0}
                    cy={mark.cy ?? 0}
                    point={mark.payload as ChartPoint}
                    onSelect={onSelect}
                  />
                )}
              >
                <ErrorBar
                  dataKey="error"
                  direction="y"
                  width={3}
                  strokeWidth={1.25}
                  stroke={colourOf(family)}
                  isAnimationActive={false}
                />
              </Scatter>
            ))}
            <ChartOverlay {...{ points, x, y, plan, selectedId, missing }} />
          </ScatterChart>
        )}
      </div>
    </div>
  );
});

function scaleFor({ log, linear }: Axis, values: readonly number[]): Scale {
  return log ? logScale(values) : linearScale(values, linear);
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
  const digits = Math.abs(value) >= 10 ? 0 : (String(value).split('.')[1]?.length ?? 0);
  return formatNumber(value, Math.min(5, digits));
};

const colourOf = (family: MarkFamily): string =>
  family === 'baseline' ? 'var(--text)' : `var(--${family})`;

interface MarkProps {
  readonly cx: number;
  readonly cy: number;
  readonly point: ChartPoint;
  readonly onSelect: (id: string) => void;
}

/** Filled on the front, hollow if another run is better on both axes. */
function Mark({ cx, cy, point, onSelect }: MarkProps) {
  const { family, id, name, onFront, filled = onFront } = point;
  const colour = colourOf(family);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut; the runs table does it by keyboard
    <g className="point" onClick={() => onSelect(id)}>
      <title>{name}</title>
      <circle cx={cx} cy={cy} r={12} fill="transparent" />
      {family === 'baseline' ? (
        <path
          d={`M${cx - 5} ${cy - 5}l10 10M${cx + 5} ${cy - 5}l-10 10`}
          stroke={colour}
          strokeWidth={2.25}
        />
      ) : (
        <path
          d={familyPath(family, cx, cy, 6)}
          fill={filled ? colour : 'var(--surface)'}
          stroke={colour}
          strokeWidth={1.75}
        />
      )}
    </g>
  );
}
