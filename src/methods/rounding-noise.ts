import type { InputStatistics } from '../model/statistics.ts';

/**
 * The mean squared error, up to a factor, that outputs are expected to have when inputs are rounded
 * to 8 bits on one grid and weights on one a channel, as if each rounding were noise of its own:
 * Σ_nk w² Δx² + Σ_n Δw_n² Σ_k E[x²].
 * - `weights` — float32 [N, K] each, before they are multiplied by `scales`
 * - `scales` — [K]; inputs come divided by them
 */
export function roundingNoise(
  weights: readonly Float32Array[],
  { K, count, sumSquares, min, max }: InputStatistics,
  scales: Float32Array,
): number {
  let [low, high, power] = [0, 0, 0];
  for (let k = 0; k < K; k++) {
    const scale = scales[k] as number;
    low = Math.min(low, (min[k] as number) / scale);
    high = Math.max(high, (max[k] as number) / scale);
    power += (sumSquares[k] as number) / count / scale ** 2;
  }
  const inputStep = (high - low) / 255;
  let noise = 0;
  for (const weight of weights) {
    for (let row = 0; row < weight.length; row += K) {
      let [most, squares] = [0, 0];
      for (let k = 0; k < K; k++) {
        const w = (weight[row + k] as number) * (scales[k] as number);
        most = Math.max(most, Math.abs(w));
        squares += w * w;
      }
      noise += squares * inputStep ** 2 + (most / 127) ** 2 * power;
    }
  }
  return noise;
}
