/** The token that comes next: its probabilities, and how one of them is chosen. */
import { floatsOf, type Outputs } from './outputs.ts';
import { logSumExp } from './read-row.ts';

/** The likeliest first. */
export interface TokenShare {
  readonly index: number;
  /** Probability from 0 to 1. */
  readonly share: number;
}

/**
 * Logits of the token after position `last`, of outputs [1, positions, vocabulary] or, where only
 * the last position is given, [1, 1, vocabulary]. null if the output is not that.
 */
export function nextLogits(outputs: Outputs, name: string, last: number): Float32Array | null {
  const output = outputs[name];
  const values = output ? floatsOf(output) : null;
  const width = output?.dims.at(-1) ?? 0;
  if (!output || !values || width === 0) return null;
  const positions = Math.floor(values.length / width);
  if (positions === 0) return null;
  const at = Math.min(last, positions - 1);
  return values.subarray(at * width, (at + 1) * width);
}

/**
 * softmax of `logits` for the `count` largest and for `also`, the likeliest first and the first
 * among equals. A logit that is not a number makes every share NaN.
 */
export function topShares(
  logits: Float32Array,
  count: number,
  also: readonly number[] = [],
): readonly TokenShare[] {
  const sum = logits.some(Number.isNaN) ? Number.NaN : logSumExp(logits);
  const chosen = new Set([...largest(logits, count), ...also.filter((it) => it < logits.length)]);
  return [...chosen]
    .map((index) => ({ index, share: Math.exp((logits[index] ?? 0) - sum) }))
    .sort((a, b) => b.share - a.share || a.index - b.index);
}

/** Indexes of the `count` largest values in falling order; one pass, since vocabularies are long. */
function largest(values: Float32Array, count: number): readonly number[] {
  const best: number[] = [];
  for (const [index, value] of values.entries()) {
    const least = values[best.at(-1) ?? 0] ?? Number.NEGATIVE_INFINITY;
    if (best.length >= count && !(value > least)) continue;
    let place = best.length;
    while (place > 0 && (values[best[place - 1] ?? 0] ?? 0) < value) place--;
    best.splice(place, 0, index);
    if (best.length > count) best.pop();
  }
  return best;
}

/**
 * The likeliest token; with `topK` one of that many, drawn by `uniform` (from 0 to 1) with the
 * probabilities they have among each other.
 */
export function chooseToken(
  logits: Float32Array,
  topK: number | null,
  uniform: number,
): number | null {
  const shares = topShares(logits, topK ?? 1);
  const total = shares.reduce((sum, { share }) => sum + share, 0);
  if (!(total > 0)) return null;
  let left = uniform * total;
  for (const { index, share } of shares) {
    left -= share;
    if (left < 0) return index;
  }
  return shares.at(-1)?.index ?? null;
}
