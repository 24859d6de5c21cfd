import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import { type Axis, betterWords } from './axes.ts';
import { placeLabels } from './chart-labels.ts';
import { type ChartPoint, staircase } from './chart-points.ts';

export interface Plan {
  readonly x: number;
  readonly words: string;
  /** "accuracy not measured". */
  readonly unknown: string;
}

interface Props {
  readonly points: readonly ChartPoint[];
  readonly x: Axis;
  readonly y: Axis;
  readonly plan: Plan | null;
  readonly selectedId: string | null;
}

/** What the chart adds to points: titles, the baseline across, the front, the plan, names. */
export function ChartOverlay({ points, x, y, plan, selectedId }: Props) {
  const scaleX = useXAxisScale();
  const scaleY = useYAxisScale();
  const area = usePlotArea();
  if (!scaleX || !scaleY || !area) return null;
  const toX = (value: number) => scaleX(value) ?? 0;
  const toY = (value: number) => scaleY(value) ?? 0;
  const right = area.x + area.width;
  const bottom = area.y + area.height;
  const baseline = points.find(({ family }) => family === 'baseline');
  const selected = points.find(({ id }) => id === selectedId);
  const edge = x.better === 'low' ? right : area.x;
  return (
    <g fontSize={11} pointerEvents="none">
      <text x={0} y={12} fill="var(--text-2)">
        {y.title}
      </text>
      <text x={right} y={bottom + 34} fill="var(--text-2)" textAnchor="end">
        {x.title}
      </text>
      <text x={area.x + 6} y={y.better === 'high' ? bottom - 8 : area.y + 14} fill="var(--text-3)">
        {betterWords(x, y)}
      </text>
      {baseline && (
        <path
          d={`M${area.x} ${toY(baseline.y)}H${right}`}
          stroke="var(--text-2)"
          strokeDasharray="2 3"
        />
      )}
      <path
        d={staircase(points, x.better, toX, toY, edge)}
        fill="none"
        stroke="var(--text)"
        strokeWidth={1.25}
        opacity={0.75}
      />
      {plan && <PlanLine plan={plan} at={toX(plan.x)} top={area.y} bottom={bottom} right={right} />}
      {selected && (
        <circle
          cx={toX(selected.x)}
          cy={toY(selected.y)}
          r={10}
          fill="none"
          stroke="var(--accent)"
          strokeWidth={2}
        />
      )}
      <Names {...{ points, selectedId, toX, toY, right, bottom }} left={area.x} top={area.y} />
    </g>
  );
}

interface PlanLineProps {
  readonly plan: Plan;
  readonly at: number;
  readonly top: number;
  readonly bottom: number;
  readonly right: number;
}

function PlanLine({ plan, at, top, bottom, right }: PlanLineProps) {
  const fits = right - at > 150;
  const text = { x: fits ? at + 6 : at - 6, textAnchor: fits ? 'start' : 'end' } as const;
  const halo = { stroke: 'var(--surface)', strokeWidth: 3, paintOrder: 'stroke' } as const;
  return (
    <>
      <path
        d={`M${at} ${top - 4}V${bottom}`}
        stroke="var(--accent)"
        strokeWidth={1.5}
        strokeDasharray="5 3"
      />
      <text {...text} {...halo} y={top + 8} fontWeight={600} fill="var(--accent)">
        This recipe: {plan.words}
      </text>
      <text {...text} {...halo} y={top + 23} fill="var(--text-2)">
        {plan.unknown}
      </text>
    </>
  );
}

interface NamesProps {
  readonly points: readonly ChartPoint[];
  readonly selectedId: string | null;
  readonly toX: (value: number) => number;
  readonly toY: (value: number) => number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function Names({ points, selectedId, toX, toY, left, top, right, bottom }: NamesProps) {
  const rank = ({ id, family, onFront }: ChartPoint) =>
    id === selectedId ? 0 : family === 'baseline' ? 1 : onFront ? 2 : 3;
  const wishes = points
    .toSorted((a, b) => rank(a) - rank(b))
    .map((point) => ({
      id: point.id,
      text: point.name,
      x: toX(point.x),
      y: toY(point.y),
      bold: point.id === selectedId || point.family === 'baseline',
    }));
  return placeLabels(wishes, { left, right, top: top - 8, bottom }).map((label) => (
    <text
      key={label.id}
      x={label.left}
      y={label.baseline}
      fontWeight={label.id === selectedId ? 650 : 400}
      fill={label.id === selectedId ? 'var(--accent)' : 'var(--text-2)'}
      stroke="var(--surface)"
      strokeWidth={3}
      paintOrder="stroke"
    >
      {label.text}
    </text>
  ));
}
