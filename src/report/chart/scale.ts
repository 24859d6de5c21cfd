/** Domains and ticks of the trade-off chart. */

export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

const MOST_TICKS = 7;

/** Around positive `values` with a margin; ticks at 1, 2, 5 times powers of ten. */
export function logScale(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0);
  const least = positive.length > 0 ? Math.min(...positive) : 1;
  const most = positive.length > 0 ? Math.max(...positive) : 10;
  // At least a factor of four, so that a single point stands in a readable scale.
  const widen = Math.max(1, Math.sqrt(4 / (most / least)));
  const low = (least / widen) * 0.8;
  const high = most * widen * 1.25;
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    for (const factor of [1, 2, 5]) {
      const tick = Number((factor * 10 ** power).toPrecision(1));
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  const thinned =
    ticks.length > MOST_TICKS ? ticks.filter((tick) => leadingDigit(tick) === 1) : ticks;
  return { low, high, ticks: thinned };
}

const leadingDigit = (tick: number): number =>
  Math.round(tick / 10 ** Math.floor(Math.log10(tick) + 1e-9));

export interface LinearOptions {
  /** Ticks are no closer than this: 1 for percentages. */
  readonly smallestStep?: number;
  /** Values that cannot be passed, such as a cosine of 1. */
  readonly bounds?: readonly [number, number];
}

/** Around `values`, padded to whole steps, at most seven ticks, not from zero; no values, no ticks. */
export function linearScale(values: readonly number[], options: LinearOptions = {}): Scale {
  if (values.length === 0) return { low: 0, high: 1, ticks: [] };
  const { smallestStep = 0, bounds = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] } =
    options;
  const least = Math.min(...values);
  const most = Math.max(...values);
  const spread = most - least || smallestStep * 4 || Math.abs(most) * 0.1 || 1;
  const middle = (least + most) / 2;
  const from = Math.max(bounds[0], middle - spread * 0.6);
  const to = Math.min(bounds[1], middle + spread * 0.6);
  const step = Math.max(smallestStep, niceStep((to - from) / (MOST_TICKS - 2)));
  const low = Math.floor(from / step + 1e-9);
  const high = Math.ceil(to / step - 1e-9);
  const ticks = Array.from({ length: high - low + 1 }, (_, index) =>
    Number(((low + index) * step).toPrecision(12)),
  );
  // A point on a bound keeps its marker whole.
  const margin = (high - low) * step * 0.05;
  const onLow = low * step <= bounds[0] ? margin : 0;
  const onHigh = high * step >= bounds[1] ? margin : 0;
  return { low: low * step - onLow, high: high * step + onHigh, ticks };
}

/** Ticks at multiples of a nice step inside an interval, at most seven. */
export function stepsWithin(low: number, high: number): readonly number[] {
  const step = niceStep((high - low) / (MOST_TICKS - 2));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((it) => it * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}
