/** What the metrics are called, which way is better, and how their figures read. */
import { formatInterval, formatNumber, formatSigned } from './format.ts';
import type { Metric } from './metric.ts';
import type { Accuracy, Interval, RunReport, Score } from './report.ts';

export interface MetricInfo {
  /** Heads a column: "Accuracy". */
  readonly label: string;
  /** Within a sentence: "next-token accuracy". */
  readonly noun: string;
  readonly higherIsBetter: boolean;
  /** Figures on screens are the value times this: 100 for shares. */
  readonly scale: number;
  /** Of the figure: "%", or empty. */
  readonly unit: string;
  /** Of a difference: "pt" (percentage points), or empty. */
  readonly differenceUnit: string;
  /** Decimals of the figure. */
  readonly digits: number;
  /** What no value can pass. */
  readonly bounds: readonly [low: number, high: number];
}

/** What the data set that the runs were scored on is scored by; null if no run is scored. */
export const metricOf = (runs: readonly Pick<RunReport, 'accuracy'>[]): Metric | null =>
  runs.find(({ accuracy }) => accuracy)?.accuracy?.metric ?? null;

const share = (label: string, noun: string): MetricInfo => ({
  ...{ label, noun, higherIsBetter: true, scale: 100, unit: '%', differenceUnit: 'pt' },
  ...{ digits: 1, bounds: [0, 1] },
});

const plain = (
  label: string,
  noun: string,
  rest: Pick<MetricInfo, 'higherIsBetter' | 'digits' | 'bounds'>,
): MetricInfo => ({ ...{ label, noun, scale: 1, unit: '', differenceUnit: '' }, ...rest });

const INFO: Readonly<Record<Metric, MetricInfo>> = {
  accuracy: share('Accuracy', 'accuracy'),
  'macro-f1': share('Macro-F1', 'macro-F1'),
  perplexity: plain('Perplexity', 'perplexity', {
    ...{ higherIsBetter: false, digits: 2, bounds: [1, Number.POSITIVE_INFINITY] },
  }),
  'next-token-top1': share('Next-token accuracy', 'next-token accuracy'),
  spearman: plain('Spearman', 'Spearman correlation', {
    ...{ higherIsBetter: true, digits: 3, bounds: [-1, 1] },
  }),
  pearson: plain('Pearson', 'Pearson correlation', {
    ...{ higherIsBetter: true, digits: 3, bounds: [-1, 1] },
  }),
  rmse: plain('RMSE', 'RMSE', {
    ...{ higherIsBetter: false, digits: 3, bounds: [0, Number.POSITIVE_INFINITY] },
  }),
};

export const metricInfo = (metric: Metric): MetricInfo => INFO[metric];

/** The figure alone, for columns that the label and unit head: "84.0", "32.81". */
export function metricFigure(metric: Metric, value: number): string {
  const { scale, digits } = INFO[metric];
  return formatNumber(value * scale, digits);
}

/** A difference alone, signed: "−0.4", "+0.41". */
export function metricDifferenceFigure(metric: Metric, difference: number): string {
  const { scale, digits } = INFO[metric];
  return formatSigned(difference * scale, digits);
}

/** "84.0 %", "ppl 32.81", "0.871". */
export function formatMetric(metric: Metric, value: number): string {
  const figure = metricFigure(metric, value);
  if (metric === 'perplexity') return `ppl ${figure}`;
  const { unit } = INFO[metric];
  return unit ? `${figure} ${unit}` : figure;
}

/** "−0.4 pt", "+0.41". */
export function formatMetricDifference(metric: Metric, difference: number): string {
  const { differenceUnit } = INFO[metric];
  const figure = metricDifferenceFigure(metric, difference);
  return differenceUnit ? `${figure} ${differenceUnit}` : figure;
}

/**
 * An interval around `value` in the metric's figures: "±0.9", or "−1.3 to +0.5" where the sides
 * differ; empty without one.
 * - `signed` — of a difference
 */
export function metricInterval(
  metric: Metric,
  value: number,
  interval: Interval | null,
  signed = false,
): string {
  if (interval === null) return '';
  const { scale, digits } = INFO[metric];
  return formatInterval(value, interval, signed, { scale, digits });
}

/** The whole interval of the difference lies on the worse side. */
export function isWorse({ metric, difference }: Pick<Score, 'metric' | 'difference'>): boolean {
  const interval = difference?.interval;
  if (!interval) return false;
  return INFO[metric].higherIsBetter ? interval.high < 0 : interval.low > 0;
}

/** `metric` among the headline and what stands beside it; null if it was not scored. */
export function scoreOf(accuracy: Accuracy | null, metric: Metric): Score | null {
  if (!accuracy) return null;
  return [accuracy, ...accuracy.also].find((score) => score.metric === metric) ?? null;
}
