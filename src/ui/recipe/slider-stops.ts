import type { NumberOption } from '../../catalog/technique.ts';

/** As many stops as a thumb on a short track can be set to. */
const MOST_EVEN_STOPS = 200;
/** From stop to stop where even steps would be too many. */
const GROWTH = 1.06;

/**
 * The values that a slider stops at, in order, `min` and `max` among them: even steps, or ever wider
 * ones where there would be too many (a rank from 1 to 4,096).
 */
export function sliderStops({ min, max, step, integer }: NumberOption): readonly number[] {
  const even = Math.floor((max - min) / step + 1e-9);
  const stops: number[] = [];
  if (even <= MOST_EVEN_STOPS) {
    for (let at = 0; at <= even; at++) stops.push(decimal(min + at * step));
  } else {
    for (let value = min; value < max; ) {
      stops.push(value);
      const wider = value * GROWTH;
      value = Math.max(decimal(value + step), integer ? Math.round(wider) : decimal(wider));
    }
  }
  if (stops.at(-1) !== max) stops.push(max);
  return stops;
}

/** Index of the stop nearest to a value, which may lie between two. */
export function nearestStop(stops: readonly number[], value: number): number {
  let nearest = 0;
  for (const [index, stop] of stops.entries()) {
    if (Math.abs(stop - value) < Math.abs((stops[nearest] ?? stop) - value)) nearest = index;
  }
  return nearest;
}

/** Without the noise of binary fractions, so that files say 0.15. */
const decimal = (value: number): number => Number(value.toFixed(10));
