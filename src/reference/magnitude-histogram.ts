import type { MagnitudeDigit } from './magnitude-search.ts';

const MAGNITUDE = 0x7fffffff;
const INFINITY = 0x7f800000;

/** Where `counts` hold the values that are not finite. */
export const NON_FINITE = 2048;
export const HISTOGRAM_LENGTH = 2049;

/**
 * CPU definition of `shaders/magnitude-histogram.wgsl`.
 * - `bits`   — float32 bit patterns
 * - `counts` — uint32 [2049]; added to
 */
export function magnitudeHistogram(
  bits: Uint32Array,
  { shift, digitBits, prefix }: MagnitudeDigit,
  counts: Uint32Array,
): void {
  const digitMask = 2 ** digitBits - 1;
  for (const word of bits) {
    const magnitude = word & MAGNITUDE;
    if (magnitude >= INFINITY) {
      counts[NON_FINITE]! += 1;
      continue;
    }
    const above = magnitude >>> shift;
    if (above >>> digitBits === prefix) counts[above & digitMask]! += 1;
  }
}
