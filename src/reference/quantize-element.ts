import type { QuantizeSpec } from '../core/quantize-spec.ts';
import type { BlockParameters } from './block-parameters.ts';
import { clamp, roundHalfAway, roundHalfEven } from './round.ts';

const f = Math.fround;

/** CPU definition of `shaders/quantize-element.wgsl`: the unsigned code of one weight. */
export function quantizeElement(
  { rule, bits, symmetric }: Pick<QuantizeSpec, 'rule' | 'bits' | 'symmetric'>,
  { scale, zeroPoint }: BlockParameters,
  w: number,
): number {
  const top = 2 ** bits - 1;
  if (rule === 'matmul-nbits') {
    const reciprocal = scale === 0 ? 0 : f(1 / scale);
    return clamp(roundHalfAway(f(f(w * reciprocal) + zeroPoint)), 0, top);
  }
  const steps = scale === 0 ? 0 : f(w / scale);
  if (rule === 'gather' && !symmetric) return clamp(roundHalfEven(f(steps + zeroPoint)), 0, top);
  return clamp(roundHalfEven(steps) + zeroPoint, 0, top);
}
