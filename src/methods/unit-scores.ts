/** How much the units of a group matter. */
import type { CutScore } from '../core/cut-spec.ts';
import type { InputStatistics } from '../model/statistics.ts';

/** A weight that units feed, as [N outputs, K inputs] of which each unit has some. */
export interface Taker {
  /** float32 [N, K], row-major. */
  readonly weights: Float32Array<ArrayBuffer>;
  readonly N: number;
  readonly K: number;
  /** By unit, the inputs that are its. */
  readonly inputs: readonly (readonly number[])[];
  /** null where they are not needed. */
  readonly statistics: InputStatistics | null;
}

/**
 * A score for each unit; the lowest go first. Takers of one group are put on one scale, so that none
 * outweighs another by its size alone.
 */
export function unitScores(takers: readonly Taker[], score: CutScore): Float64Array {
  const scores = new Float64Array(takers[0]?.inputs.length ?? 0);
  for (const taker of takers) {
    const own = inputScores(taker, score);
    const total = own.reduce((sum, value) => sum + value, 0);
    if (!(total > 0)) continue;
    for (const [unit, inputs] of taker.inputs.entries()) {
      const sum = inputs.reduce((it, k) => it + (own[k] ?? 0), 0);
      scores[unit] = (scores[unit] ?? 0) + sum / total;
    }
  }
  return scores;
}

function inputScores({ weights, N, K, statistics }: Taker, score: CutScore): Float64Array {
  const scores = new Float64Array(K);
  if (score !== 'activations') {
    for (let n = 0; n < N; n++) {
      for (let k = 0; k < K; k++) {
        scores[k] = (scores[k] as number) + Math.abs(weights[n * K + k] as number);
      }
    }
  }
  if (score === 'weights' || !statistics) return scores;
  const { sumSquares, count } = statistics;
  for (let k = 0; k < K; k++) {
    const norm = Math.sqrt((sumSquares[k] as number) / Math.max(1, count));
    scores[k] = score === 'activations' ? norm : (scores[k] as number) * norm;
  }
  return scores;
}

/** The units that stay, ascending: those of the highest scores; of equal ones the earlier. */
export function bestUnits(scores: Float64Array, kept: number): readonly number[] {
  return [...scores.keys()]
    .sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
    .slice(0, kept)
    .sort((a, b) => a - b);
}
