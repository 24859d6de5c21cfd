/**
 * The definition of error feedback, which both GPTQ and SparseGPT are: columns are settled one after
 * the other, and what was lost in earlier ones corrects the next before it is settled. With
 * e = w − kept and M = Ů + I of `UpperFactor`, column k is settled at w[k] + Σ e[j] Ů[j, k] over
 * j < k; the layer's error tr(E (H + λI) Eᵀ) is then Σ D[k] c[k]², c[k] being what that column lost
 * against its corrected value. In float64, a column at a time.
 * @see https://arxiv.org/abs/2210.17323 (GPTQ), https://arxiv.org/abs/2301.00774 (SparseGPT)
 */
import type { UpperFactor } from './upper-factor.ts';

/**
 * float64 [N, to - from]: the weights of columns [from, to) as they would become if the columns
 * settled so far were the last to lose anything.
 */
export type Predict = (from: number, to: number) => Float64Array;

/**
 * What column `k` of every row becomes; called in the order of columns.
 * - `corrected` — float64 [N]: the column's weights with what earlier ones lost made up for
 */
export type Settle = (k: number, corrected: Float64Array, predict: Predict) => ArrayLike<number>;

export interface Settled {
  /** float64 [N, K] */
  readonly kept: Float64Array;
  /** tr(E (H + λI) Eᵀ) */
  readonly loss: number;
}

/** `weight` — [N, K], its columns in the order of the factor */
export function errorFeedback(
  weight: ArrayLike<number>,
  N: number,
  { K, upper, diagonal }: UpperFactor,
  settle: Settle,
): Settled {
  const kept = new Float64Array(N * K);
  const errors = new Float64Array(N * K);
  let loss = 0;
  for (let k = 0; k < K; k++) {
    const predict: Predict = (from, to) => predicted({ weight, errors, upper, N, K, k, from, to });
    const corrected = predict(k, k + 1);
    const own = settle(k, corrected, predict);
    for (let n = 0; n < N; n++) {
      kept[n * K + k] = own[n]!;
      errors[n * K + k] = weight[n * K + k]! - own[n]!;
      loss += diagonal[k]! * (corrected[n]! - own[n]!) ** 2;
    }
  }
  return { kept, loss };
}

interface Prediction {
  readonly weight: ArrayLike<number>;
  readonly errors: Float64Array;
  readonly upper: Float32Array;
  readonly N: number;
  readonly K: number;
  /** Columns settled. */
  readonly k: number;
  readonly from: number;
  readonly to: number;
}

/** x M = E M over the columns from k on, of which the errors are not known yet. */
function predicted({ weight, errors, upper, N, K, k, from, to }: Prediction): Float64Array {
  const reach = to - k;
  const moves = new Float64Array(N * reach);
  for (let i = 0; i < reach; i++) {
    const column = Float64Array.from({ length: k + i }, (_, j) => upper[j * K + k + i]!);
    for (let n = 0; n < N; n++) {
      let move = 0;
      for (let j = 0; j < k; j++) move += errors[n * K + j]! * column[j]!;
      for (let j = 0; j < i; j++) move -= moves[n * reach + j]! * column[k + j]!;
      moves[n * reach + i] = move;
    }
  }
  const width = to - from;
  return Float64Array.from({ length: N * width }, (_, at) => {
    const [n, column] = [Math.floor(at / width), from + (at % width)];
    return weight[n * K + column]! + moves[n * reach + column - k]!;
  });
}
