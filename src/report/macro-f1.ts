/** Mean F1 over classes. */

/**
 * Mean over the classes that are given or wanted of 2·tp / (2·tp + fp + fn), as scikit-learn's
 * `f1_score(average="macro")`; an answer of −1 is none, and counts against the wanted class only.
 * - `rows` — which rows count, some perhaps more than once
 */
export function macroF1(
  given: ArrayLike<number>,
  wanted: ArrayLike<number>,
  rows: ArrayLike<number>,
): number {
  const right = new Map<number, number>();
  const total = new Map<number, number>(); // 2·tp + fp + fn: how often given, plus how often wanted
  const count = (of: Map<number, number>, key: number) => of.set(key, (of.get(key) ?? 0) + 1);
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    const answer = given[row] ?? -1;
    const label = wanted[row] ?? -1;
    if (answer === label) count(right, label);
    count(total, label);
    if (answer >= 0) count(total, answer);
  }
  let sum = 0;
  for (const [label, times] of total) sum += (2 * (right.get(label) ?? 0)) / times;
  return total.size > 0 ? sum / total.size : 0;
}
