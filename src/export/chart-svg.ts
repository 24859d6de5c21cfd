/** The trade-off chart as a drawing that needs no script: points, intervals, front, names. */
import { type Axis, betterWords, type ChartedRun } from '../report/chart/axes.ts';
import { familyPath, type MarkFamily } from '../report/chart/family-path.ts';
import { placeLabels } from '../report/chart/labels.ts';
import { type ChartPoint, chartPoints, staircase } from '../report/chart/points.ts';
import { linearScale, logScale, type Scale } from '../report/chart/scale.ts';
import { fractionOf } from '../report/chart/view.ts';
import { formatNumber } from '../report/format.ts';
import { html, type Markup } from './html.ts';

const WIDTH = 860;
const HEIGHT = 400;
/** Of the plot within the drawing. */
const AREA = { left: 48, right: WIDTH - 16, top: 28, bottom: HEIGHT - 44 };

/** null if no run has both figures. */
export function chartSvg(runs: readonly ChartedRun[], x: Axis, y: Axis): Markup | null {
  const { points } = chartPoints(runs, x, y);
  const drawn = points.filter((it) => (!x.log || it.x > 0) && (!y.log || it.y > 0));
  if (drawn.length === 0) return null;
  const scaleX = scaleOf(
    x,
    drawn.map((it) => it.x),
  );
  const scaleY = scaleOf(
    y,
    drawn.flatMap((it) => [it.y - it.error[0], it.y + it.error[1]]),
  );
  const toX = position(x, scaleX, AREA.left, AREA.right);
  const toY = position(y, scaleY, AREA.bottom, AREA.top);
  const baseline = drawn.find(({ family }) => family === 'baseline');
  const front = staircase(drawn, x.better, toX, toY, x.better === 'low' ? AREA.right : AREA.left);
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Trade-off chart: ${y.label} over ${x.label}. The table has the same figures.">
${scaleX.ticks.map((tick) => verticalTick(toX(tick), tick))}
${scaleY.ticks.map((tick) => levelTick(toY(tick), tick))}
<path class="axis" d="M${AREA.left} ${AREA.bottom}H${AREA.right}"/>
<text class="title" x="0" y="12">${y.title}</text>
<text class="title end" x="${AREA.right}" y="${HEIGHT - 6}">${x.title}</text>
<text x="${AREA.left + 6}" y="${y.better === 'high' ? AREA.bottom - 8 : AREA.top + 14}">${betterWords(x, y)}</text>
${baseline ? html`<path class="level" d="M${AREA.left} ${toY(baseline.y)}H${AREA.right}"/>` : null}
<path class="front" d="${front}"/>
${drawn.map((point) => mark(point, toX(point.x), toY))}
${names(drawn, toX, toY)}
</svg>`;
}

const scaleOf = ({ log, linear }: Axis, values: readonly number[]): Scale =>
  log ? logScale(values) : linearScale(values, linear);

type Position = (value: number) => number;

/** Where a value lies between `from` and `to`, to a hundredth of a unit. */
const position =
  ({ log }: Axis, scale: Scale, from: number, to: number): Position =>
  (value) =>
    Math.round((from + fractionOf(scale, log, value) * (to - from)) * 100) / 100;

const verticalTick = (at: number, tick: number): Markup =>
  html`<path class="grid" d="M${at} ${AREA.top}V${AREA.bottom}"/><text class="middle" x="${at}" y="${AREA.bottom + 16}">${tickWords(tick)}</text>`;

const levelTick = (at: number, tick: number): Markup =>
  html`<path class="grid" d="M${AREA.left} ${at}H${AREA.right}"/><text class="end" x="${AREA.left - 6}" y="${at + 4}">${tickWords(tick)}</text>`;

function tickWords(tick: number): string {
  const digits = Math.abs(tick) >= 10 ? 0 : (String(tick).split('.')[1]?.length ?? 0);
  return formatNumber(tick, Math.min(5, digits));
}

function mark({ family, name, y, error, onFront }: ChartPoint, at: number, toY: Position): Markup {
  const level = toY(y);
  const [below, above] = error;
  const bar =
    below > 0 || above > 0
      ? html`<path class="bar" d="M${at} ${toY(y + above)}V${toY(y - below)}M${at - 3} ${toY(y + above)}h6M${at - 3} ${toY(y - below)}h6"/>`
      : null;
  return html`<g class="${family}"><title>${name}</title>${bar}<path class="${onFront ? 'full' : 'hollow'}" d="${shape(family, at, level)}"/></g>`;
}

const shape = (family: MarkFamily, x: number, y: number): string =>
  family === 'baseline'
    ? `M${x - 5} ${y - 5}l10 10M${x + 5} ${y - 5}l-10 10`
    : familyPath(family, x, y, 6);

function names(points: readonly ChartPoint[], toX: Position, toY: Position): readonly Markup[] {
  const rank = ({ family, onFront }: ChartPoint) => (family === 'baseline' ? 0 : onFront ? 1 : 2);
  const wishes = points
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ id, name, x, y, family }) => ({
      ...{ id, text: cut(name), x: toX(x), y: toY(y), bold: family === 'baseline' },
    }));
  return placeLabels(wishes, { ...AREA, top: AREA.top - 8 }).map(
    ({ left, baseline, text }) =>
      html`<text class="name" x="${left}" y="${baseline}">${text}</text>`,
  );
}

const cut = (name: string): string => (name.length > 60 ? `${name.slice(0, 59)}…` : name);
