/** Techniques that factorize weights, by what their factors are the best ones by. */
import type { FactorMetric } from '../core/factorize-spec.ts';
import type { TechniqueId } from './techniques.ts';

const METRICS: Readonly<Partial<Record<TechniqueId, FactorMetric>>> = {
  svd: 'plain',
  asvd: 'asvd',
  'svd-llm': 'svd-llm',
};

/** Of a technique of the family `factorize`. */
export function metricOf(id: TechniqueId): FactorMetric {
  const metric = METRICS[id];
  if (!metric) throw new Error(`${id} does not say what its factors are fitted to`);
  return metric;
}
