import type { BlockParameters } from './block-parameters.ts';
import { HQQ_BETA, HQQ_NORM } from './hqq.ts';
import { clamp, nearestWhole } from './round.ts';

/** Steps that the scale takes after the zero point is an integer. */
const REFITS = 3;

/**
 * HQQ's float zero as the integer that every runtime reads (ONNX Runtime 1.30 multiplies by float
 * zeros on the CPU alone, and at 8 bits not at all): both neighbours are tried, each with the
 * scale refitted by the same half-quadratic split, `scale = Σ(q − z)(w − e) / Σ(q − z)²` with
 * e = shrink(w − ŵ). What has the least Σ|w − ŵ|^0.7 stays.
 * - `values` — float32, finite
 * - `step`, `zero` — of `hqqZeros`
 */
export function hqqBlock(
  values: Float32Array,
  bits: number,
  { step, zero }: { readonly step: number; readonly zero: number },
): BlockParameters {
  const top = 2 ** bits - 1;
  const neighbours = new Set([Math.floor(zero), Math.ceil(zero)].map((z) => clamp(z, 0, top)));
  let best: BlockParameters = { scale: step, zeroPoint: clamp(Math.round(zero), 0, top) };
  let least = Number.POSITIVE_INFINITY;
  for (const zeroPoint of neighbours) {
    let scale = step;
    for (let refit = 0; refit <= REFITS; refit++) {
      const { norm, next } = split(values, { scale, zeroPoint }, top);
      if (norm < least) {
        least = norm;
        best = { scale, zeroPoint };
      }
      if (!(next > 0) || !Number.isFinite(next)) break;
      scale = next;
    }
  }
  return best;
}

/** Σ|w − ŵ|^0.7, and the scale that the split asks for next. */
function split(values: Float32Array, { scale, zeroPoint }: BlockParameters, top: number) {
  const inverse = 1 / scale;
  let norm = 0;
  let above = 0;
  let below = 0;
  for (let i = 0; i < values.length; i++) {
    const w = values[i]!;
    const q = nearestWhole(w * inverse + zeroPoint);
    const level = (q < 0 ? 0 : q > top ? top : q) - zeroPoint;
    const rest = w - level * scale;
    const size = Math.abs(rest);
    const slope = size === 0 ? 0 : size ** (HQQ_NORM - 1);
    norm += size * slope;
    // w − shrink(rest): what the level is to stand for.
    const kept = size > slope / HQQ_BETA ? (slope / HQQ_BETA) * Math.sign(rest) : rest;
    above += level * (level * scale + kept);
    below += level * level;
  }
  return { norm, next: above / below };
}
