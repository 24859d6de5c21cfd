/** What a row's outputs say, in the terms of the data set's task. */
import type { EmbeddingOutput, Readout } from '../dataset/readout.ts';
import { answersOf } from './answers.ts';
import { floatsOf, type Outputs } from './outputs.ts';

/** The answers along the last axis of the answer output; none without one. */
export function answersIn(outputs: Outputs, { answer }: Readout): Int32Array {
  const output = answer ? outputs[answer.name] : undefined;
  return output ? answersOf(output) : new Int32Array(0);
}

/** The one number that the row's output is; null if it is none or many. */
export function numberIn(outputs: Outputs, { number }: Readout): number | null {
  const output = number === null ? undefined : outputs[number];
  const values = output ? floatsOf(output) : null;
  return values?.length === 1 ? (values[0] ?? null) : null;
}

export interface TokenLoss {
  /** Σ −ln p of the predicted tokens, in nats, float64. */
  readonly loss: number;
  readonly predicted: number;
  /** Predicted tokens that had the largest logit. */
  readonly hits: number;
}

/**
 * How well logits [1, positions, vocabulary] predict `tokens`: position i predicts token i + 1.
 * null if there are not logits for every token, or not for the ids there are.
 *
 * - `ends` — where `tokens` are a run's own, for each of the original's tokens the place of the own
 *   one that ends where it does (`TokenPlaces.ends`): what is predicted is then the text between the
 *   first and the last place that both have, counted in the original's tokens; one of them is a hit
 *   if all that it is split into are
 */
export function tokenLoss(
  outputs: Outputs,
  { answer }: Readout,
  tokens: readonly number[],
  ends: readonly number[] = [...tokens.keys()],
): TokenLoss | null {
  const output = answer ? outputs[answer.name] : undefined;
  const logits = output ? floatsOf(output) : null;
  const width = output?.dims.at(-1) ?? 0;
  if (!output || !logits || width === 0 || logits.length / width < tokens.length) return null;
  if (tokens.some((token) => token >= width)) return null;
  const answers = answersOf(output);
  const common = ends.flatMap((end, at) => (end >= 0 ? [{ end, at }] : []));
  let [loss, hits] = [0, 0];
  for (const [index, { end, at }] of common.entries()) {
    const before = common[index - 1];
    if (!before) continue;
    let isHit = at === before.at + 1;
    for (let place = before.end + 1; place <= end; place++) {
      const token = tokens[place] ?? 0;
      const row = logits.subarray((place - 1) * width, place * width);
      loss += logSumExp(row) - (row[token] ?? 0);
      isHit &&= answers[place - 1] === token;
    }
    if (isHit) hits++;
  }
  const predicted = (common.at(-1)?.at ?? 0) - (common[0]?.at ?? 0);
  return { loss, predicted, hits };
}

/** ln Σ exp `values`, in float64. */
export function logSumExp(values: Float32Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value > largest) largest = value;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - largest);
  return largest + Math.log(sum);
}

/**
 * The vector of the row: the output itself, or the mean of its vectors over the tokens that
 * `mask` (all ones without) does not leave out. null without an embedding or a token.
 */
export function embeddingIn(
  outputs: Outputs,
  embedding: EmbeddingOutput,
  mask: ArrayLike<number | bigint> | null,
): Float32Array | null {
  const output = outputs[embedding.name];
  const values = output ? floatsOf(output) : null;
  const width = output?.dims.at(-1) ?? 0;
  if (!values || width === 0 || values.length % width !== 0) return null;
  if (!embedding.perToken) return values.length === width ? values : null;
  const sum = new Float32Array(width);
  let count = 0;
  for (let token = 0; token < values.length / width; token++) {
    if (mask && Number(mask[token] ?? 1) === 0) continue;
    for (let at = 0; at < width; at++) sum[at] = (sum[at] ?? 0) + (values[token * width + at] ?? 0);
    count++;
  }
  return count > 0 ? sum.map((value) => value / count) : null;
}

/** Cosine of two vectors of one length, in float64; 0 if one is all zeros or not finite. */
export function cosineOf(a: Float32Array, b: Float32Array): number {
  let product = 0;
  let squareA = 0;
  let squareB = 0;
  for (let index = 0; index < a.length; index++) {
    const x = a[index] ?? 0;
    const y = b[index] ?? 0;
    product += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  const cosine = product / Math.sqrt(squareA) / Math.sqrt(squareB);
  return Number.isFinite(cosine) ? Math.min(1, Math.max(-1, cosine)) : 0;
}
