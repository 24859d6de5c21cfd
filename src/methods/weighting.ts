/**
 * What an error in a weight costs at its operator's output. Errors E [N, K] are weighted as E · S,
 * with S a diagonal or a lower triangle over the inputs, scaled by a power of two so that its largest
 * entry is 1 to 2.
 */
import { allFinite } from '../core/all-finite.ts';
import { solveRight, whiten } from '../reference/whitening.ts';

export type Weighting =
  | { readonly kind: 'diagonal'; readonly scales: Float64Array }
  | {
      readonly kind: 'triangle';
      /** [K, K], lower */
      readonly lower: Float64Array;
      /** Added to the Gram matrix's diagonal, as a share of it. */
      readonly shift: number;
    };

/** Of a weight's inputs, what a weighting is made of. */
export interface InputSums {
  readonly K: number;
  /** Input vectors. */
  readonly count: number;
  /** [K] */
  readonly sumAbs: ArrayLike<number>;
  /** [K] */
  readonly sumSquares: ArrayLike<number>;
  /** [K, K] XᵀX; null if not summed. */
  readonly gram: ArrayLike<number> | null;
}

/** ASVD's exponent of the mean magnitude, and what it adds. */
const ASVD_ALPHA = 0.5;
const ASVD_FLOOR = 1e-6;
/** Of the largest energy of an input. */
const QUIETEST = 1e-12;

/**
 * `mean|x|^0.5 + 1e-6`.
 * @see https://arxiv.org/abs/2312.05821 (ASVD)
 */
export const asvdWeighting = ({ K, count, sumAbs }: InputSums): Weighting =>
  scaled({
    kind: 'diagonal',
    scales: Float64Array.from(
      { length: K },
      (_, k) => ((sumAbs[k] as number) / count) ** ASVD_ALPHA + ASVD_FLOOR,
    ),
  });

/**
 * The layer's own error: ‖E S‖² is tr(E H Eᵀ), with H = XᵀX where it was summed and only its diagonal
 * where it was not (an input that was always 0 counts as a millionth of the loudest).
 */
export function outputWeighting({ K, sumSquares, gram }: InputSums): Weighting {
  if (gram) return scaled({ kind: 'triangle', ...whiten(gram, K) });
  let largest = 0;
  for (let k = 0; k < K; k++) largest = Math.max(largest, sumSquares[k] as number);
  const scales = Float64Array.from({ length: K }, (_, k) =>
    Math.sqrt(Math.max(sumSquares[k] as number, QUIETEST * largest)),
  );
  return scaled({ kind: 'diagonal', scales });
}

/** Why nothing can be weighted by these sums; null if it can. */
export function refuseSums(sums: InputSums | null): string | null {
  if (!sums || sums.count === 0) return 'its inputs were never seen';
  const { K, sumAbs, sumSquares, gram } = sums;
  if (!allFinite(sumAbs) || !allFinite(sumSquares) || (gram && !allFinite(gram))) {
    return 'its inputs hold values that are not finite';
  }
  let energy = 0;
  for (let k = 0; k < K; k++) energy += gram ? (gram[k * K + k] as number) : (sumSquares[k] ?? 0);
  return energy > 0 ? null : 'its inputs were always 0';
}

/**
 * Y with Y · S = B.
 * - `b` — [rows, K]
 */
export function unweighted(b: ArrayLike<number>, weighting: Weighting, rows: number): Float64Array {
  if (weighting.kind === 'triangle') {
    return solveRight(b, weighting.lower, rows, Math.sqrt(weighting.lower.length));
  }
  const { scales } = weighting;
  return Float64Array.from(b, (value, i) => value / (scales[i % scales.length] as number));
}

function scaled(weighting: Weighting): Weighting {
  const values = weighting.kind === 'diagonal' ? weighting.scales : weighting.lower;
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  const factor = largest > 0 ? 2 ** -Math.floor(Math.log2(largest)) : 1;
  return weighting.kind === 'diagonal'
    ? { kind: 'diagonal', scales: values.map((value) => value * factor) }
    : { ...weighting, lower: values.map((value) => value * factor) };
}
