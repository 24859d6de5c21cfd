/** By what a weight's factors are fitted, from what is known of its inputs. */
import type { FactorMetric } from '../core/factorize-spec.ts';
import type { InputStatistics } from '../model/statistics.ts';
import type { Weights } from './factorize.ts';
import type { InputAxis } from './weighted-matrix.ts';
import { asvdWeighting, outputWeighting, refuseSums } from './weighting.ts';

export interface Fit {
  /** null: by the values alone. */
  readonly weights: Weights | null;
  /** What a person should know; null for nothing. */
  readonly note: string | null;
}

/**
 * Without usable statistics the fit is by values, and says so.
 * @param known `reason`: why there are no statistics
 */
export function fitWeights(
  metric: FactorMetric,
  axis: InputAxis,
  known: { readonly statistics: InputStatistics | null; readonly reason: string | null } | null,
): Fit {
  if (metric === 'plain') return { weights: null, note: null };
  const statistics = known?.statistics ?? null;
  const refusal = known?.reason ?? refuseSums(statistics);
  if (!statistics || refusal) return { weights: null, note: `Fitted to its values: ${refusal}` };
  const output = outputWeighting(statistics);
  const note =
    output.kind === 'triangle' && output.shift > 0
      ? `${statistics.count} input vectors do not tell its ${statistics.K} inputs apart: their products are damped by ${output.shift.toExponential(0)}`
      : null;
  if (metric === 'asvd') {
    return { weights: { axis, shape: asvdWeighting(statistics), judge: output }, note };
  }
  return { weights: { axis, shape: output, judge: output }, note };
}
