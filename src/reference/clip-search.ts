import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { blockCodes, type Range, scratchCodes } from './block-codes.ts';
import { blockParameters } from './block-parameters.ts';

const f = Math.fround;
const SMALLEST_NORMAL = 2 ** -126;
const LEAST_CLIPPED = 2 ** -96;

/** 1, 0.99 … 0.21 in float32. */
export const CLIP_FACTORS: Float32Array<ArrayBuffer> = Float32Array.from(
  { length: 80 },
  (_, i) => 1 - i / 100,
);

type Rule = Pick<QuantizeSpec, 'rule' | 'bits' | 'symmetric' | 'scaleType'>;

/**
 * The range, shrunk by the factor that gives a block the least squared error, the first of equals:
 * values beyond it saturate, and the others lie on a finer grid.
 * - `block` — the block's values in order; `range` holds them and 0
 * @see https://arxiv.org/abs/2210.17323 (GPTQ's code searches so, by another norm)
 */
export function clippedRange(
  spec: Rule,
  block: Float32Array,
  range: Range,
  reducedRange = false,
): Range {
  let best = range;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, factor] of CLIP_FACTORS.entries()) {
    const shrunk = shrink(range, factor);
    const error = blockError(spec, block, shrunk, reducedRange);
    if (i > 0 && !(error < least)) continue;
    least = error;
    best = shrunk;
  }
  return best;
}

/** Smaller ones stay: their products may be flushed on a device. */
function shrink({ low, high }: Range, factor: number): Range {
  if (Math.max(-low, high) < LEAST_CLIPPED) return { low, high };
  return { low: f(low * factor), high: f(high * factor) };
}

/**
 * CPU definition of `shaders/block-errors.wgsl`: Σe² in float32, in order; a square below the normal
 * range counts as 0.
 */
export function blockError(
  spec: Rule,
  block: Float32Array,
  { low, high }: Range,
  reducedRange = false,
): number {
  const parameters = blockParameters(spec, low, high, reducedRange);
  const { scale, zeroPoint } = parameters;
  const { length } = block;
  const codes = scratchCodes(length);
  blockCodes(spec, parameters, { values: block, start: 0, end: length }, codes, 0);
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const error = f(block[i]! - f((codes[i]! - zeroPoint) * scale));
    const square = f(error * error);
    if (square >= SMALLEST_NORMAL) sum = f(sum + square);
  }
  return sum;
}
