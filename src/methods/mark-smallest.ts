/** Sets 1 where the `count` smallest scores are, of equals the earlier; scores are no NaN. */
export function markSmallest(
  scores: Float32Array | Float64Array,
  count: number,
  marks: Uint8Array,
): void {
  if (count === 0) return;
  const sorted = scores.slice().sort();
  const threshold = sorted[count - 1] as number;
  let ties = count;
  for (let i = 0; i < count && (sorted[i] as number) < threshold; i++) ties -= 1;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] as number;
    if (score < threshold || (score === threshold && ties-- > 0)) marks[i] = 1;
  }
}
