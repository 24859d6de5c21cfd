import { useContext, useId } from 'react';
import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import { type Axis, betterWords } from '../../report/chart/axes.ts';
import { type Box, placeLabels, textWidth } from '../../report/chart/labels.ts';
import { type ChartPoint, staircase } from '../../report/chart/points.ts';
import { type ChartPair, ChartPairContext } from './chart-pair.ts';
import { ChartPlanContext, type Plan } from './chart-plan.ts';
import { type PendingRun, PendingRuns } from './pending-runs.tsx';

interface Props {
  readonly points: readonly ChartPoint[];
  readonly pending: readonly PendingRun[];
  readonly x: Axis;
  readonly y: Axis;
  /** What no run has while there are no points: "accuracy". */
  readonly missing: string;
}

/** What the chart adds to points: titles, the baseline across, the front, the plan, names. */
export function ChartOverlay({ points, pending, x, y, missing }: Props) {
  const plan = useContext(ChartPlanContext);
  const pair = useContext(ChartPairContext);
  const clipId = useId();
  const scaleX = useXAxisScale();
  const scaleY = useYAxisScale();
  const area = usePlotArea();
  if (!scaleX || !scaleY || !area) return null;
  const toX = (value: number) => scaleX(value) ?? 0;
  const toY = (value: number) => scaleY(value) ?? 0;
  const right = area.x + area.width;
  const bottom = area.y + area.height;
  const baseline = points.find(({ family }) => family === 'baseline');
  const edge = x.better === 'low' ? right : area.x;
  const inView = points.filter(
    (point) => isInside(toX(point.x), area.x, right) && isInside(toY(point.y), area.y, bottom),
  );
  const planInView = plan && isInside(toX(plan.x), area.x, right) ? plan : null;
  const box = planInView && planBox(planInView, toX(planInView.x), area.y, right);
  const middle = area.x + area.width / 2;
  const planX = planInView ? toX(planInView.x) : area.x;
  // In the wider part beside the plan's line.
  const emptyX = (planX + (planX <= middle ? right : area.x)) / 2;
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
      <clipPath id={clipId}>
        <rect x={area.x} y={area.y} width={area.width} height={area.height} />
      </clipPath>
      <g clipPath={`url(#${clipId})`} fill="none">
        {baseline && (
          <path
            d={`M${area.x} ${toY(baseline.y)}H${right}`}
            stroke="var(--text-2)"
            strokeDasharray="2 3"
          />
        )}
        <path
          d={staircase(points, x.better, toX, toY, edge)}
          stroke="var(--text)"
          strokeWidth={1.25}
          opacity={0.75}
        />
      </g>
      {planInView && box && (
        <PlanLine plan={planInView} box={box} at={toX(planInView.x)} bottom={bottom} />
      )}
      {inView
        .filter(({ id }) => letterOf(id, pair) !== null)
        .map((point) => (
          <circle
            key={point.id}
            cx={toX(point.x)}
            cy={toY(point.y)}
            r={10}
            fill="none"
            stroke="var(--accent)"
            strokeWidth={point.id === pair.b ? 2 : 1.25}
          />
        ))}
      <Names
        {...{ pair, toX, toY, right, bottom }}
        points={inView}
        left={area.x}
        top={area.y}
        obstacles={[...(box ? [box] : []), ...inView.map((point) => barBox(point, toX, toY))]}
      />
      <PendingRuns {...{ pending, toX, right, bottom, missing }} left={area.x} />
      {points.length === 0 && pending.length === 0 && (
        <text className="plot-empty" x={emptyX} y={area.y + area.height / 2}>
          No run has {missing} yet
        </text>
      )}
    </g>
  );
}

const isInside = (at: number, low: number, high: number): boolean => at >= low && at <= high;

const letterOf = (id: string, { a, b }: ChartPair): 'A' | 'B' | null =>
  id === b ? 'B' : id === a ? 'A' : null;

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
  readonly pair: ChartPair;
  readonly toX: (value: number) => number;
  readonly toY: (value: number) => number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly obstacles: readonly Box[];
}

/** More find no place on a chart of this size. */
const MOST_NAMES = 50;

function Names(props: NamesProps) {
  const { points, pair, toX, toY, left, top, right, bottom, obstacles } = props;
  const rank = ({ id, family, onFront }: ChartPoint) =>
    letterOf(id, pair) ? 0 : family === 'baseline' ? 1 : onFront ? 2 : 3;
  const ranked = points.toSorted((a, b) => rank(a) - rank(b));
  const wishes = ranked.slice(0, MOST_NAMES).map((point) => ({
    id: point.id,
    text: nameOf(point, pair, MOST_CHARACTERS),
    short: nameOf(point, pair, FEW_CHARACTERS),
    x: toX(point.x),
    y: toY(point.y),
    bold: letterOf(point.id, pair) !== null || point.family === 'baseline',
  }));
  const area = { left, right, top: top - 8, bottom };
  const nameless = ranked.slice(MOST_NAMES).map(({ x, y }) => around(toX(x), toY(y)));
  return placeLabels(wishes, area, [...obstacles, ...nameless]).map((label) => (
    <text
      key={label.id}
      x={label.left}
      y={label.baseline}
      fontWeight={letterOf(label.id, pair) ? 650 : 400}
      fill={letterOf(label.id, pair) ? 'var(--accent)' : 'var(--text-2)'}
      stroke="var(--surface)"
      strokeWidth={3}
      paintOrder="stroke"
    >
      {label.text}
    </text>
  ));
}

const around = (x: number, y: number): Box => ({
  left: x - 8,
  right: x + 8,
  top: y - 8,
  bottom: y + 8,
});

/** A and B go by their letters, which the table beside the chart explains; the baseline by name. */
function nameOf({ id, name, family }: ChartPoint, pair: ChartPair, most: number): string {
  const letter = letterOf(id, pair);
  if (letter === null) return shortened(name, most);
  return family === 'baseline' ? `${letter}, ${shortened(name, most)}` : letter;
}

/** Longer names would cover the chart; the whole one shows on hover and in the tables. */
const MOST_CHARACTERS = 60;
/** Where there is no room for more. */
const FEW_CHARACTERS = 32;

const shortened = (name: string, most: number): string =>
  name.length > most ? `${name.slice(0, most - 1)}…` : name;
