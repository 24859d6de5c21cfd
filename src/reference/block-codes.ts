/**
 * `quantizeElement` of every value of a block and what it loses, in loops that allocate nothing:
 * weights have millions of values.
 */
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import type { BlockParameters } from './block-parameters.ts';
import { nearestWhole } from './round.ts';

const f = Math.fround;

export type Rule = Pick<QuantizeSpec, 'rule' | 'bits' | 'symmetric'>;

/** Finite values `[start, end)` of an array. */
export interface Block {
  readonly values: Float32Array;
  readonly start: number;
  readonly end: number;
}

/** Holds every value of a block, and 0. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Writes the code of each value to `codes`, from `at` on. */
export function blockCodes(
  rule: Rule,
  { scale, zeroPoint }: BlockParameters,
  { values, start, end }: Block,
  codes: Uint8Array,
  at: number,
): void {
  const top = (1 << rule.bits) - 1;
  let to = at;
  if (rule.rule === 'matmul-nbits') {
    const reciprocal = scale === 0 ? 0 : f(1 / scale);
    for (let i = start; i < end; i++, to++) {
      const place = f(f(values[i]! * reciprocal) + zeroPoint);
      // Half away from zero: what lies below 0 is cut anyway.
      codes[to] = place > 0 ? Math.min(Math.floor(place + 0.5), top) : 0;
    }
    return;
  }
  const isShifted = rule.rule === 'gather' && !rule.symmetric;
  for (let i = start; i < end; i++, to++) {
    const steps = scale === 0 ? 0 : f(values[i]! / scale);
    const code = isShifted ? nearestWhole(f(steps + zeroPoint)) : nearestWhole(steps) + zeroPoint;
    codes[to] = code > 0 ? Math.min(code, top) : 0;
  }
}

/** Writes the code of the level that is nearest to each value, whatever the rule. */
export function nearestCodes(
  bits: number,
  { scale, zeroPoint }: BlockParameters,
  { values, start, end }: Block,
  codes: Uint8Array,
  at: number,
): void {
  const top = (1 << bits) - 1;
  for (let i = start, to = at; i < end; i++, to++) {
    const code = scale === 0 ? zeroPoint : nearestWhole(values[i]! / scale + zeroPoint);
    codes[to] = code > 0 ? Math.min(code, top) : 0;
  }
}

/** Σe² in float64 of the codes from `at` on, each e in float32. */
export function squaredError(
  { scale, zeroPoint }: BlockParameters,
  { values, start, end }: Block,
  codes: Uint8Array,
  at: number,
): number {
  let sum = 0;
  for (let i = start, from = at; i < end; i++, from++) {
    const error = f(values[i]! - f((codes[from]! - zeroPoint) * scale));
    sum += error * error;
  }
  return sum;
}

/** The largest |e|, as in `squaredError`. */
export function largestError(
  { scale, zeroPoint }: BlockParameters,
  { values, start, end }: Block,
  codes: Uint8Array,
  at: number,
): number {
  let largest = 0;
  for (let i = start, from = at; i < end; i++, from++) {
    const error = Math.abs(f(values[i]! - f((codes[from]! - zeroPoint) * scale)));
    if (error > largest) largest = error;
  }
  return largest;
}

/** Σw² in float64. */
export function squaresOf({ values, start, end }: Block): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += values[i]! * values[i]!;
  return sum;
}

export function rangeOf({ values, start, end }: Block): Range {
  let low = 0;
  let high = 0;
  for (let i = start; i < end; i++) {
    const w = values[i]!;
    if (w < low) low = w;
    else if (w > high) high = w;
  }
  return { low, high };
}

let scratch = new Uint8Array(256);

/** Room for codes that are of no use after the next call. */
export function scratchCodes(length: number): Uint8Array {
  if (scratch.length < length) scratch = new Uint8Array(length);
  return scratch;
}
