/** Rounding rules of the field; `Math.round` is none of them. */

/** Half to even: `numpy.rint`, WGSL `round`. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Half away from zero: C `roundf`. */
export const roundHalfAway = (x: number): number =>
  Math.abs(x - Math.trunc(x)) >= 0.5 ? Math.trunc(x) + Math.sign(x) : Math.trunc(x);

/** As `std::max(low, x)` then `std::min(high, x)`: NaN gives `low`. */
export const clamp = (x: number, low: number, high: number): number =>
  x > low ? Math.min(x, high) : low;

const WHOLE = 1.5 * 2 ** 52;

/** Half to even, for |x| < 2^51 and loops that round much: beyond this sum float64 has no fractions. */
export const nearestWhole = (x: number): number => x + WHOLE - WHOLE;
