import { assert } from '../core/assert.ts';

/** What is known of the inputs over calibration rows; sums over `count` vectors. */
export interface InputMoments {
  readonly K: number;
  readonly count: number;
  /** [K] */
  readonly sum: Float64Array;
  /** float32 [K, K]: XᵀX; null if it was not taken. */
  readonly gram: Float32Array<ArrayBuffer> | null;
}

/**
 * Second moments of the inputs `chosen` about their means, or about 0 without a bias that takes up
 * the means, with `damping` of their mean on the diagonal (of 1 where no input was ever other than
 * 0). [chosen, chosen]
 */
export function dampedMoments(
  { K, count, gram, sum }: InputMoments,
  chosen: readonly number[],
  hasBias: boolean,
  damping: number,
): Float64Array {
  assert(gram, 'a Gram matrix of the inputs');
  const width = chosen.length;
  const means = chosen.map((k) => (hasBias ? (sum[k] as number) / count : 0));
  const own = new Float64Array(width * width);
  let trace = 0;
  for (const [i, row] of chosen.entries()) {
    const mean = means[i] as number;
    for (let j = 0; j <= i; j++) {
      const value = (gram[row * K + chosen[j]!] as number) / count - mean * means[j]!;
      own[i * width + j] = value;
      own[j * width + i] = value;
    }
    trace += own[i * width + i] as number;
  }
  const added = damping * (trace > 0 ? trace / width : 1);
  for (let i = 0; i < width; i++) own[i * width + i]! += added;
  return own;
}
