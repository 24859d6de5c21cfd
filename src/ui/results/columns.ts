import type { Backend } from '../../core/backend.ts';
import { backendLabel } from '../../report/format.ts';
import type { Metric } from '../../report/metric.ts';
import { metricInfo } from '../../report/metrics.ts';
import { useSession } from '../studio-context.tsx';

/**
 * Classes of the runs table's columns: with labels accuracy always shows and the share of same
 * answers only where there is room; without labels it is the other way round.
 */
export function useColumns(): {
  readonly accuracy: string;
  readonly answers: string;
  readonly scored: boolean;
  /** What the accuracy column shows. */
  readonly metric: Metric;
} {
  const own = useSession(({ dataset }) => dataset.metric);
  const scored = own !== null;
  const metric = own ?? 'accuracy';
  const [always, withRoom] = ['num edge', 'num wide-column'];
  return scored
    ? { accuracy: always, answers: withRoom, scored, metric }
    : { accuracy: withRoom, answers: always, scored, metric };
}

/** "Accuracy, %", "Perplexity". */
export function metricHeading(metric: Metric): string {
  const { label, unit } = metricInfo(metric);
  return unit ? `${label}, ${unit}` : label;
}

/** Speed is what runs are compared by; the times stand below it. */
export const speedHeading = (backend: Backend): string => `${backendLabel(backend)} speed`;

/** "vs baseline, pt". */
export function differenceHeading(metric: Metric): string {
  const { differenceUnit } = metricInfo(metric);
  return differenceUnit ? `vs baseline, ${differenceUnit}` : 'vs baseline';
}
