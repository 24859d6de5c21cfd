/** The part of a chart that is in view: zooming into it, moving over it, and its ticks. */
import { type Scale, stepsWithin } from './scale.ts';

export interface Domain {
  readonly low: number;
  readonly high: number;
}

/** What both axes show; null where everything does. */
export interface ChartView {
  readonly x: Domain;
  readonly y: Domain;
}

/** Closer than this to the whole counts as the whole. */
const NEARLY_ALL = 0.98;
/** Zooming in further than a 500th says nothing of runs. */
const SMALLEST_SHARE = 0.002;

/** Where `value` stands from 0 (low) to 1 (high). */
export function fractionOf({ low, high }: Domain, log: boolean, value: number): number {
  return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

export function valueAt({ low, high }: Domain, log: boolean, fraction: number): number {
  return log ? low * (high / low) ** fraction : low + (high - low) * fraction;
}

/** The domain between two fractions of another, never outside `full`. */
export function between(
  domain: Domain,
  log: boolean,
  [from, to]: readonly [number, number],
  full: Domain,
): Domain {
  const [low, high] = [
    valueAt(domain, log, Math.min(from, to)),
    valueAt(domain, log, Math.max(from, to)),
  ];
  return { low: Math.max(full.low, low), high: Math.min(full.high, high) };
}

/** `factor` above 1 zooms in, around the value at `centre` (a fraction), which stays in place. */
export function zoomed(
  domain: Domain,
  log: boolean,
  { factor, centre = 0.5 }: { readonly factor: number; readonly centre?: number },
  full: Domain,
): Domain {
  const share = shareOf(domain, log, full) / factor;
  if (share >= 1) return full;
  if (share < SMALLEST_SHARE) return domain;
  const low = centre - centre / factor;
  return shifted(between(domain, log, [low, low + 1 / factor], WHOLE_LINE), log, full);
}

/** Moves by a share of what is in view, as far as `full` reaches. */
export function moved(domain: Domain, log: boolean, share: number, full: Domain): Domain {
  return shifted(between(domain, log, [share, 1 + share], WHOLE_LINE), log, full);
}

const WHOLE_LINE: Domain = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** Into `full` without a change of width. */
function shifted(domain: Domain, log: boolean, full: Domain): Domain {
  const low = fractionOf(full, log, domain.low);
  const high = fractionOf(full, log, domain.high);
  const by = low < 0 ? -low : high > 1 ? 1 - high : 0;
  return between(full, log, [low + by, high + by], full);
}

const shareOf = (domain: Domain, log: boolean, full: Domain): number =>
  fractionOf(full, log, domain.high) - fractionOf(full, log, domain.low);

/** null where nearly everything is in view. */
export function viewOrAll(
  view: ChartView,
  full: ChartView,
  log: { readonly x: boolean; readonly y: boolean },
): ChartView | null {
  const all =
    shareOf(view.x, log.x, full.x) > NEARLY_ALL && shareOf(view.y, log.y, full.y) > NEARLY_ALL;
  return all ? null : view;
}

/** A scale of a part: the whole one's ticks where enough of them are in it, else its own. */
export function partOf(full: Scale, { low, high }: Domain): Scale {
  const kept = full.ticks.filter((tick) => tick >= low && tick <= high);
  return { low, high, ticks: kept.length >= 3 ? kept : stepsWithin(low, high) };
}

export const isWithin = ({ low, high }: Domain, value: number): boolean =>
  value >= low && value <= high;
