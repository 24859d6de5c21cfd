import { describe, expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { bootstrapInterval } from './bootstrap.ts';
import { pearson, ranks, spearman } from './correlation.ts';
import { macroF1 } from './macro-f1.ts';
import { METRICS } from './metric.ts';
import {
  formatMetric,
  formatMetricDifference,
  isWorse,
  metricFigure,
  metricInfo,
  metricInterval,
} from './metrics.ts';

describe('correlations', () => {
  test('ties share the mean of their ranks', () => {
    expect(Array.from(ranks([10, 30, 20, 20, 5]))).toEqual([2, 5, 3.5, 3.5, 1]);
  });

  test('as scipy.stats has them', () => {
    const a = [1, 2, 3, 4, 5, 6];
    const b = [2, 1, 4, 3, 7, 5];
    expect(spearman(a, b)).toBeCloseTo(0.8285714285714287, 12); // 1 − 6·Σd²/(n(n²−1)), Σd² = 6
    // r of (1,2,3) and (1,3,2): means 2 and 2, Σxy = 1, Σx² = Σy² = 2.
    expect(pearson([1, 2, 3], [1, 3, 2])).toBeCloseTo(0.5, 12);
    expect(pearson([1, 2, 3], [10, 20, 30])).toBeCloseTo(1, 12);
  });

  test('what does not vary correlates with nothing', () => {
    expect(pearson([1, 1, 1], [1, 2, 3])).toBe(0);
    expect(spearman([1, 2, 3], [7, 7, 7])).toBe(0);
  });
});

test('macro-F1 weighs classes alike, whatever their rows', () => {
  // Class 0: tp 2, fp 1, fn 0 → 0.8; class 1: tp 0, fp 0, fn 1 → 0; class 2: tp 1 → 1.
  const wanted = [0, 0, 1, 2];
  expect(macroF1([0, 0, 0, 2], wanted, [0, 1, 2, 3])).toBeCloseTo((0.8 + 0 + 1) / 3, 12);
  // No answer counts against the wanted class and makes no class of its own.
  expect(macroF1([0, 0, -1, 2], wanted, [0, 1, 2, 3])).toBeCloseTo(2 / 3, 12);
  expect(macroF1([0, 1], [0, 1], [0, 0, 0])).toBe(1);
});

describe('bootstrap', () => {
  test('agrees with the normal interval of a mean', () => {
    const random = seededRandom(7);
    const values = Array.from({ length: 400 }, () => 3 + 2 * random.normal());
    const mean = (rows: ArrayLike<number>) =>
      Array.from(rows, (row) => values[row] ?? 0).reduce((sum, value) => sum + value, 0) /
      rows.length;
    const all = mean([...values.keys()]);
    const interval = bootstrapInterval(values.length, mean);
    const half = (1.96 * 2) / Math.sqrt(400);
    // The half-width's own error over 1,000 draws is about 5 %; the sample's deviation 4 %.
    expect((interval?.high ?? 0) - all).toBeGreaterThan(half * 0.8);
    expect((interval?.high ?? 0) - all).toBeLessThan(half * 1.2);
    expect(bootstrapInterval(values.length, mean)).toEqual(interval);
  });

  test('a run equal to the original has no width; few rows and no figure have no interval', () => {
    expect(bootstrapInterval(50, () => 0)).toEqual({ low: 0, high: 0 });
    expect(bootstrapInterval(9, () => 1)).toBeNull();
    expect(bootstrapInterval(50, () => Number.POSITIVE_INFINITY)).toBeNull();
  });
});

describe('figures in words', () => {
  test.each([
    ['accuracy', 0.8398, '84.0 %', -0.0037, '−0.4 pt'],
    ['perplexity', 32.8145, 'ppl 32.81', 0.406, '+0.41'],
    ['spearman', 0.8712, '0.871', -0.012, '−0.012'],
  ] as const)('%s', (metric, value, words, difference, change) => {
    expect(formatMetric(metric, value)).toBe(words);
    expect(formatMetricDifference(metric, difference)).toBe(change);
  });

  test('intervals in the figures of the metric', () => {
    expect(metricInterval('perplexity', 32.81, { low: 31.81, high: 33.81 })).toBe('±1.00');
    expect(metricInterval('accuracy', 0.84, { low: 0.818, high: 0.861 })).toBe('81.8 to 86.1');
    expect(metricInterval('accuracy', 0.84, null)).toBe('');
    expect(metricFigure('macro-f1', 0.5)).toBe('50.0');
  });

  test('worse is down for accuracy and up for perplexity, beyond the interval', () => {
    const up = { value: 1, interval: { low: 0.5, high: 1.5 } };
    const down = { value: -1, interval: { low: -1.5, high: -0.5 } };
    const noise = { value: -1, interval: { low: -1.5, high: 0.5 } };
    const worse = METRICS.filter((metric) => isWorse({ metric, difference: up }));
    expect(worse).toEqual(['perplexity', 'rmse']);
    expect(worse.every((metric) => !metricInfo(metric).higherIsBetter)).toBe(true);
    expect(isWorse({ metric: 'accuracy', difference: down })).toBe(true);
    expect(isWorse({ metric: 'accuracy', difference: noise })).toBe(false);
    expect(isWorse({ metric: 'accuracy', difference: { value: -1, interval: null } })).toBe(false);
  });
});
