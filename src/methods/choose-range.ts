import type { RangeMethod } from '../catalog/encodings.ts';
import type { Histogram } from '../core/value-histogram.ts';
import {
  type ActivationRange,
  entropyRange,
  percentileOfValues,
  squaredErrorRange,
} from '../reference/activation-range.ts';
import { int8Parameters, quantizeLinear } from '../reference/static-int8.ts';

interface RangeChoice {
  readonly signed: boolean;
  readonly range: RangeMethod;
  readonly percentile: number;
}

/** Bins that 8-bit codes make of each side of 0. */
const LEVELS = 128;

/**
 * The range that 8 bits shall cover.
 * - `histogram` — of all values, over ±max|x|
 * - `seen` — their extremes
 */
export function chooseRange(
  histogram: Histogram,
  seen: ActivationRange,
  { signed, range, percentile }: RangeChoice,
): ActivationRange {
  switch (range) {
    case 'minmax':
      return seen;
    case 'percentile':
      return percentileOfValues(histogram, percentile, seen);
    case 'entropy':
      return entropyRange(histogram, LEVELS, seen);
    case 'mse':
      return squaredErrorRange(histogram, seen, ({ min, max }) => {
        const grid = int8Parameters(min, max, { signed, symmetric: signed });
        return (x) => (quantizeLinear(x, grid, signed) - grid.zeroPoint) * grid.scale;
      });
  }
}
