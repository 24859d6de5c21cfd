import type { ErrorStatistics } from '../core/quantize-spec.ts';
import type { MagnitudeThreshold } from './magnitude-search.ts';

const MAGNITUDE = 0x7fffffff;

/** Which values become 0: bit i % 8 of byte i / 8. */
export interface PruneMask {
  readonly mask: Uint8Array<ArrayBuffer>;
  /** Of pruning: e = w where w becomes 0. */
  readonly errors: ErrorStatistics;
}

/**
 * CPU definition of `shaders/prune-mask.wgsl`, with the counts that it is given.
 * - `weight`     — float32, finite: a piece of what the threshold was found for
 * - `tiesBefore` — values in earlier pieces that equal the threshold
 */
export function pruneMask(
  weight: Float32Array,
  { threshold, ties }: MagnitudeThreshold,
  tiesBefore = 0,
): PruneMask & { readonly tiesSeen: number } {
  const bits = new Uint32Array(weight.buffer, weight.byteOffset, weight.length);
  let tiesSeen = tiesBefore;
  const marked = maskWhere(weight, (i) => {
    const magnitude = bits[i]! & MAGNITUDE;
    if (magnitude !== threshold) return magnitude < threshold;
    tiesSeen += 1;
    return tiesSeen <= ties;
  });
  return { ...marked, tiesSeen };
}

/** Asks `goes` for every index, in order. */
export function maskWhere(weight: Float32Array, goes: (index: number) => boolean): PruneMask {
  const mask = new Uint8Array(Math.ceil(weight.length / 8));
  let sumSquares = 0;
  let sumSquaredError = 0;
  let maxAbsError = 0;
  for (let i = 0; i < weight.length; i++) {
    const w = weight[i]!;
    sumSquares += w * w;
    if (!goes(i)) continue;
    mask[i >> 3]! |= 1 << (i & 7);
    sumSquaredError += w * w;
    maxAbsError = Math.max(maxAbsError, Math.abs(w));
  }
  return { mask, errors: { sumSquares, sumSquaredError, maxAbsError } };
}
