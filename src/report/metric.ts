/** Figures of how right answers are; `metrics.ts` says how each reads. */
export const METRICS = [
  'accuracy',
  'macro-f1',
  'perplexity',
  'next-token-top1',
  'spearman',
  'pearson',
  'rmse',
] as const;

export type Metric = (typeof METRICS)[number];
