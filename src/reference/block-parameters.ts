import { float16Bits, float16Value } from '../core/float16.ts';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { clamp, roundHalfAway, roundHalfEven } from './round.ts';

const f = Math.fround;
const SMALLEST_NORMAL = 2 ** -126;

export interface BlockParameters {
  /** As stored: a float32 value, on the float16 grid if scales are float16. May be negative. */
  readonly scale: number;
  /** Of the unsigned codes; 2^(bits-1) if symmetric. */
  readonly zeroPoint: number;
}

/**
 * CPU definition of `shaders/block-parameters.wgsl`: scale and zero point of a block whose values
 * lie in [low, high], widened to contain 0. The zero point comes from the scale before it is
 * rounded to float16, as in ONNX Runtime.
 */
export function blockParameters(
  spec: Pick<QuantizeSpec, 'rule' | 'bits' | 'symmetric' | 'scaleType'>,
  low: number,
  high: number,
  reducedRange = false,
): BlockParameters {
  const min = Math.min(low, 0);
  const max = Math.max(high, 0);
  const { scale, zeroPoint } =
    spec.rule === 'int8' ? int8(spec, reducedRange, min, max) : nbits(spec, min, max);
  return {
    scale: spec.scaleType === 'float16' ? float16Value(float16Bits(scale)) : scale,
    zeroPoint,
  };
}

function nbits(
  { rule, bits, symmetric }: Pick<QuantizeSpec, 'rule' | 'bits' | 'symmetric'>,
  min: number,
  max: number,
): BlockParameters {
  const top = (1 << bits) - 1;
  const middle = 1 << (bits - 1);
  if (symmetric) {
    const extreme = max > -min ? max : min;
    return { scale: extreme === 0 ? -0 : f(extreme / -middle), zeroPoint: middle };
  }
  const scale = f(f(max - min) / top);
  const shifted = scale === 0 ? 0 : f(-min / scale);
  if (rule === 'gather') {
    return { scale, zeroPoint: scale === 0 ? middle : clamp(roundHalfEven(shifted), 0, top) };
  }
  return { scale, zeroPoint: clamp(roundHalfAway(shifted), 0, top) };
}

/** float64 as in `quantize_dynamic`; a scale below the smallest normal float32 becomes 1. */
function int8(
  { bits, symmetric }: Pick<QuantizeSpec, 'bits' | 'symmetric'>,
  reducedRange: boolean,
  min: number,
  max: number,
): BlockParameters {
  const top = (1 << bits) - 1;
  const middle = 1 << (bits - 1);
  const levels = symmetric ? (reducedRange ? 128 : top - 1) : reducedRange ? 127 : top;
  const scale = (symmetric ? f(2 * Math.max(-min, max)) : f(max - min)) / levels;
  if (scale < SMALLEST_NORMAL) return { scale: 1, zeroPoint: symmetric ? middle : 0 };
  return { scale: f(scale), zeroPoint: symmetric ? middle : roundHalfEven(-min / scale) };
}
