/** Sums over `rows` of K values each, as calibration gives them. */
export function momentsOf(rows: readonly (readonly number[])[], K: number) {
  const sum = new Float64Array(K);
  const gram = new Float32Array(K * K);
  for (const row of rows) {
    for (let i = 0; i < K; i++) {
      sum[i] = (sum[i] ?? 0) + (row[i] ?? 0);
      for (let j = 0; j < K; j++) {
        gram[i * K + j] = (gram[i * K + j] ?? 0) + (row[i] ?? 0) * (row[j] ?? 0);
      }
    }
  }
  return { K, count: rows.length, sum, gram };
}

/**
 * Squared difference of a layer's outputs from what they were, mean over the rows.
 * - `weights` — f32 [N, K] before
 * - `made` — f32 [N, kept] after
 * - `shift` — [N], added to the bias
 */
export function outputChange(
  rows: readonly (readonly number[])[],
  { weights, N, K }: { weights: Float32Array; N: number; K: number },
  kept: readonly number[],
  { made, shift }: { made: Float32Array; shift: Float64Array | null },
): number {
  let total = 0;
  for (const row of rows) {
    for (let n = 0; n < N; n++) {
      let difference = -(shift?.[n] ?? 0);
      for (let k = 0; k < K; k++) difference += (weights[n * K + k] ?? 0) * (row[k] ?? 0);
      for (const [j, k] of kept.entries()) {
        difference -= (made[n * kept.length + j] ?? 0) * (row[k] ?? 0);
      }
      total += difference ** 2;
    }
  }
  return total / rows.length;
}
