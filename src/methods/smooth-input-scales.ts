import type { InputStatistics } from '../model/statistics.ts';
import { columnMaxima, smoothScales } from '../reference/smooth-scales.ts';
import { roundingNoise } from './rounding-noise.ts';

export interface SmoothScales {
  /** [K]; all 1 where smoothing would not help. */
  readonly scales: Float32Array<ArrayBuffer>;
  /** What is expected of the noise of 8-bit rounding, against that without scales. */
  readonly noiseShare: number;
}

/**
 * SmoothQuant's scales of one input that several weights read, [K]. A channel that was never active
 * keeps scale 1: nothing is known of what it would need. Where 8 bits are expected to lose more with
 * scales than without, there are none.
 * - `weights` — float32 [N, K] each
 */
export function smoothInputScales(
  weights: readonly Float32Array[],
  statistics: InputStatistics,
  alpha: number,
): SmoothScales {
  const { K, min, max } = statistics;
  const inputMax = Float64Array.from({ length: K }, (_, k) =>
    Math.max(-(min[k] as number), max[k] as number, 0),
  );
  const weightMax = new Float64Array(K);
  for (const weight of weights) {
    const own = columnMaxima(weight, K);
    for (let k = 0; k < K; k++) weightMax[k] = Math.max(weightMax[k] as number, own[k] as number);
  }
  const found = smoothScales(inputMax, weightMax, alpha);
  const scales = Float32Array.from(found, (scale, k) => (inputMax[k] === 0 ? 1 : scale));
  const ones = new Float32Array(K).fill(1);
  const plain = roundingNoise(weights, statistics, ones);
  const noiseShare = plain > 0 ? roundingNoise(weights, statistics, scales) / plain : 1;
  return { scales: noiseShare < 1 ? scales : ones, noiseShare };
}
