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
 *   one that ends where it does (`TokenPlaces.ends`): what is predicted is then the same text after the
 *   original's first token, counted in the original's tokens, and one of them is a hit if all that
 *   it is split into are
 */
export function tokenLoss(
  outputs: Outputs,
  { answer }: Readout,
  tokens: readonly number[],
  ends: readonly number[] | null = null,
): TokenLoss | null {
  const output = answer ? outputs[answer.name] : undefined;
  const logits = output ? floatsOf(output) : null;
  const width = output?.dims.at(-1) ?? 0;
  if (!output || !logits || width === 0 || logits.length / width < tokens.length) return null;
  const answers = answersOf(output);
  let loss = 0;
  const isHit = tokens.map(() => true);
  for (let at = 1; at < tokens.length; at++) {
    const token = tokens[at] ?? 0;
    if (token >= width) return null;
    isHit[at] = answers[at - 1] === token;
    if (at <= (ends?.[0] ?? 0)) continue;
    const row = logits.subarray((at - 1) * width, at * width);
    loss += logSumExp(row) - (row[token] ?? 0);
  }
  if (!ends) {
    const hits = isHit.slice(1).filter(Boolean).length;
    return { loss, predicted: tokens.length - 1, hits };
  }
  return { loss, predicted: ends.length - 1, hits: wholeHits(isHit, ends) };
}

/** Tokens after the first that end where an own one does, and all of whose own ones are hits. */
function wholeHits(isHit: readonly boolean[], ends: readonly number[]): number {
  let hits = 0;
  for (let at = 1; at < ends.length; at++) {
    const [before = -1, end = -1] = [ends[at - 1], ends[at]];
    if (before >= 0 && end >= 0 && isHit.slice(before + 1, end + 1).every(Boolean)) hits++;
  }
  return hits;
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
