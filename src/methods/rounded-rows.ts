import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { blockParameters } from '../reference/block-parameters.ts';

/**
 * What rows of a weight become by plain rounding, `(q - zeroPoint) · scale`.
 * - `values` — float32 [rows, K], finite
 * - `into` — as long as `values`, or the same array
 */
export function roundRows(
  values: Float32Array,
  spec: QuantizeSpec,
  into: Float32Array<ArrayBuffer>,
): void {
  const { K } = spec;
  const blockSize = spec.blockSize === 'channel' ? K : spec.blockSize;
  for (let row = 0; row < values.length; row += K) {
    for (let start = 0; start < K; start += blockSize) {
      const end = row + Math.min(K, start + blockSize);
      roundBlock(values, row + start, end, spec, into);
    }
  }
}

/** One block of a row: the elements from `start` up to `end`. */
export function roundBlock(
  values: Float32Array,
  start: number,
  end: number,
  spec: QuantizeSpec,
  into: Float32Array<ArrayBuffer>,
): void {
  let low = 0;
  let high = 0;
  for (let i = start; i < end; i++) {
    const w = values[i] as number;
    if (w < low) low = w;
    else if (w > high) high = w;
  }
  const { scale, zeroPoint } = blockParameters(spec, low, high);
  const top = 2 ** spec.bits - 1;
  if (spec.rule === 'matmul-nbits') {
    const reciprocal = scale === 0 ? 0 : f(1 / scale);
    for (let i = start; i < end; i++) {
      const place = f(f((values[i] as number) * reciprocal) + zeroPoint);
      // Half away from zero: codes below 0 are cut.
      const code = place > 0 ? Math.min(Math.floor(place + 0.5), top) : 0;
      into[i] = (code - zeroPoint) * scale;
    }
    return;
  }
  const isShifted = spec.rule === 'gather' && !spec.symmetric;
  for (let i = start; i < end; i++) {
    const steps = scale === 0 ? 0 : f((values[i] as number) / scale);
    const code = isShifted ? halfEven(f(steps + zeroPoint)) : halfEven(steps) + zeroPoint;
    into[i] = (Math.min(Math.max(code, 0), top) - zeroPoint) * scale;
  }
}

const f = Math.fround;
/** Sums with it have no bits below 1, so that adding rounds half to even; exact below 2^51. */
const NO_FRACTION = 1.5 * 2 ** 52;
const halfEven = (x: number): number => x + NO_FRACTION - NO_FRACTION;
