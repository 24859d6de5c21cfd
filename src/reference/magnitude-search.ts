/**
 * Radix select: the magnitude below which exactly so many values lie, found from counts of its
 * digits, so that values can stream by three times in any pieces, from one weight or from many.
 */
import { assert } from '../core/assert.ts';

/** Which digit to count, and of which magnitudes. Parameters of the histogram. */
export interface MagnitudeDigit {
  /** Bits below the digit. */
  readonly shift: number;
  readonly digitBits: number;
  /** Bits above the digit that a magnitude must have to be counted. */
  readonly prefix: number;
}

/** Magnitudes have 31 bits: 11, 10 and 10. */
const DIGITS = [
  { shift: 20, digitBits: 11 },
  { shift: 10, digitBits: 10 },
  { shift: 0, digitBits: 10 },
] as const;

/** What becomes zero: every magnitude below, and the first `ties` of those equal. */
export interface MagnitudeThreshold {
  /** Float32 bits of the magnitude. */
  readonly threshold: number;
  readonly ties: number;
}

export interface MagnitudeSearch {
  /** The digit to count next; null once `result` is known. */
  readonly digit: MagnitudeDigit | null;
  readonly result: MagnitudeThreshold | null;
  /** How many of the values with the digit's prefix still go. */
  readonly rank: number;
}

/** A search for what sets exactly `count` values to zero. */
export const beginSearch = (count: number): MagnitudeSearch =>
  count === 0
    ? { digit: null, result: { threshold: 0, ties: 0 }, rank: 0 }
    : { digit: { ...DIGITS[0], prefix: 0 }, result: null, rank: count };

/**
 * The search after the counts of its digit over all values.
 * - `counts` — uint32 [≥ 2^digitBits]; no more than 2³² − 1 values
 */
export function narrow({ digit, rank }: MagnitudeSearch, counts: Uint32Array): MagnitudeSearch {
  assert(digit, 'a search that is not over');
  let left = rank;
  for (let value = 0; value < 2 ** digit.digitBits; value++) {
    const found = counts[value]!;
    if (left > found) {
      left -= found;
      continue;
    }
    const prefix = digit.prefix * 2 ** digit.digitBits + value;
    const next = DIGITS.find(({ shift }) => shift < digit.shift);
    return next
      ? { digit: { ...next, prefix }, result: null, rank: left }
      : { digit: null, result: { threshold: prefix, ties: left }, rank: left };
  }
  assert(false, `${rank} values go and there are only ${rank - left}`);
}
