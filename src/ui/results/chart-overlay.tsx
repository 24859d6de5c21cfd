import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import { type Axis, betterWords } from '../../report/chart/axes.ts';
import { type Box, placeLabels, textWidth } from '../../report/chart/labels.ts';
import { type ChartPoint, staircase } from '../../report/chart/points.ts';

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
  /** What no run has while there are no points: "accuracy". */
  readonly missing: string;
}

/** What the chart adds to points: titles, the baseline across, the front, the plan, names. */
export function ChartOverlay({ points, x, y, plan, selectedId, missing }: Props) {
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
  const box = plan && planBox(plan, toX(plan.x), area.y, right);
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
      {plan && box && <PlanLine plan={plan} box={box} at={toX(plan.x)} bottom={bottom} />}
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
      <Names
        {...{ points, selectedId, toX, toY, right, bottom }}
        left={area.x}
        top={area.y}
        obstacles={[...(box ? [box] : []), ...points.map((point) => barBox(point, toX, toY))]}
      />
      {points.length === 0 && (
        <text className="plot-empty" x={area.x + area.width / 2} y={area.y + area.height / 2}>
          No run has {missing} yet
        </text>
      )}
    </g>
  );
}

/** The interval's bar: names stand beside it. */
function barBox(
  { x, y, error: [below, above] }: ChartPoint,
  toX: (value: number) => number,
  toY: (value: number) => number,
): Box {
  const at = toX(x);
  return { left: at - 3, right: at + 3, top: toY(y + above), bottom: toY(y - below) };
}

const planName = ({ words }: Plan): string => `This recipe: ${words}`;

/** Where the plan's two lines of text stand: right of its line if they fit there. */
function planBox(plan: Plan, at: number, top: number, right: number): Box {
  const width = Math.max(textWidth(planName(plan)), textWidth(plan.unknown)) + 4;
  const left = at + 6 + width <= right ? at + 6 : at - 6 - width;
  return { left, right: left + width, top: top - 4, bottom: top + 27 };
}

interface PlanLineProps {
  readonly plan: Plan;
  readonly box: Box;
  readonly at: number;
  readonly bottom: number;
}

function PlanLine({ plan, box, at, bottom }: PlanLineProps) {
  const text =
    box.left > at
      ? ({ x: box.left, textAnchor: 'start' } as const)
      : ({ x: box.right, textAnchor: 'end' } as const);
  const halo = { stroke: 'var(--surface)', strokeWidth: 3, paintOrder: 'stroke' } as const;
  return (
    <>
      <path
        d={`M${at} ${box.top}V${bottom}`}
        stroke="var(--accent)"
        strokeWidth={1.5}
        strokeDasharray="5 3"
      />
      <text {...text} {...halo} y={box.top + 12} fontWeight={600} fill="var(--accent)">
        {planName(plan)}
      </text>
      <text {...text} {...halo} y={box.top + 27} fill="var(--text-2)">
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
  readonly obstacles: readonly Box[];
}

function Names(props: NamesProps) {
  const { points, selectedId, toX, toY, left, top, right, bottom, obstacles } = props;
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
  const area = { left, right, top: top - 8, bottom };
  return placeLabels(wishes, area, obstacles).map((label) => (
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
