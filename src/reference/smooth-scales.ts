const SMALLEST = 1e-5;

/**
 * SmoothQuant's scales of input channels, s = max|x|^α / max|w|^(1-α), [K]: activations are divided
 * by them and weights multiplied, which moves outliers of activations into weights. Maxima of
 * weights and scales are at least 1e-5, as in the published code.
 * - `inputMax` — [K], max|x| of each input channel
 * - `weightMax` — [K], max|w| over all weights that read the input
 * @see https://arxiv.org/abs/2211.10438
 */
export const smoothScales = (
  inputMax: ArrayLike<number>,
  weightMax: ArrayLike<number>,
  alpha: number,
): Float64Array =>
  Float64Array.from(inputMax, (x, k) => {
    const w = Math.max(weightMax[k]!, SMALLEST);
    return Math.max(x ** alpha / w ** (1 - alpha), SMALLEST);
  });

/** max|w| of each column over rows. `weight` — [N, K] */
export function columnMaxima(weight: ArrayLike<number>, K: number): Float64Array {
  const most = new Float64Array(K);
  for (let i = 0; i < weight.length; i++)
    most[i % K] = Math.max(most[i % K]!, Math.abs(weight[i]!));
  return most;
}
