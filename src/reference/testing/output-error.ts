/** The layer's own error in float64: what the methods that look at inputs are compared by. */

/** XᵀX of [rows, n]. */
export function gramOf(x: ArrayLike<number>, rows: number, n: number): Float64Array {
  const gram = new Float64Array(n * n);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < n; i++) {
      const value = x[row * n + i]!;
      for (let j = 0; j < n; j++) gram[i * n + j]! += value * x[row * n + j]!;
    }
  }
  return gram;
}

/** tr(dW G dWᵀ) / tr(W G Wᵀ) of weights [N, K] with dW = `kept` − `w`. */
export function relativeOutputError(
  w: ArrayLike<number>,
  kept: ArrayLike<number>,
  gram: Float64Array,
  N: number,
  K: number,
): number {
  let [error, all] = [0, 0];
  for (let n = 0; n < N; n++) {
    for (let i = 0; i < K; i++) {
      const at = n * K + i;
      let [rest, own] = [0, 0];
      for (let j = 0; j < K; j++) {
        rest += gram[i * K + j]! * (kept[n * K + j]! - w[n * K + j]!);
        own += gram[i * K + j]! * w[n * K + j]!;
      }
      error += (kept[at]! - w[at]!) * rest;
      all += w[at]! * own;
    }
  }
  return error / all;
}
