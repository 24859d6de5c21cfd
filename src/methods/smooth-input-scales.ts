import type { InputStatistics } from '../model/statistics.ts';
import { columnMaxima, smoothScales } from '../reference/smooth-scales.ts';

/**
 * SmoothQuant's scales of one input that several weights read, [K]. A channel that was never active
 * keeps scale 1: nothing is known of what it would need.
 * - `weights` — float32 [N, K] each
 */
export function smoothInputScales(
  weights: readonly Float32Array[],
  { K, min, max }: InputStatistics,
  alpha: number,
): Float32Array<ArrayBuffer> {
  const inputMax = Float64Array.from({ length: K }, (_, k) =>
    Math.max(-(min[k] as number), max[k] as number, 0),
  );
  const weightMax = new Float64Array(K);
  for (const weight of weights) {
    const own = columnMaxima(weight, K);
    for (let k = 0; k < K; k++) weightMax[k] = Math.max(weightMax[k] as number, own[k] as number);
  }
  const scales = smoothScales(inputMax, weightMax, alpha);
  return Float32Array.from(scales, (scale, k) => (inputMax[k] === 0 ? 1 : scale));
}
