import { describe, expect, test } from 'vitest';
import {
  mean,
  medianWithInterval,
  pairedDifference,
  percentile,
  wilsonInterval,
} from './statistics.ts';

test('percentiles interpolate as numpy.percentile does', () => {
  const values = [15, 20, 35, 40, 50];
  expect(percentile(values, 0.4)).toBeCloseTo(29, 12); // numpy.percentile([15,20,35,40,50], 40)
  expect(percentile(values, 0)).toBe(15);
  expect(percentile(values, 1)).toBe(50);
  expect(percentile([7], 0.95)).toBe(7);
  expect(mean(values)).toBe(32);
});

describe('Wilson interval', () => {
  // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i', (successes, total, low, high) => {
    const interval = wilsonInterval(successes, total);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  test('ends exactly at 0 and 1', () => {
    expect(wilsonInterval(0, 20).low).toBe(0);
    expect(wilsonInterval(20, 20).high).toBe(1);
  });
});

describe('paired difference', () => {
  test('Altman et al. 2000, Statistics with Confidence, table 6.2', () => {
    const { value, interval } = pairedDifference({
      both: 14,
      onlyFirst: 5,
      onlySecond: 0,
      neither: 22,
    });
    expect(value).toBeCloseTo(5 / 41, 12);
    expect(interval.low).toBeCloseTo(0.011, 3);
    expect(interval.high).toBeCloseTo(0.226, 3);
  });

  test('Fagerland et al. 2014, airway hyper-responsiveness', () => {
    const { value, interval } = pairedDifference({
      both: 1,
      onlyFirst: 1,
      onlySecond: 7,
      neither: 12,
    });
    expect(value).toBeCloseTo(-0.286, 3);
    expect(interval.low).toBeCloseTo(-0.507, 3);
    expect(interval.high).toBeCloseTo(-0.026, 3);
  });

  test.each([
    [819, 181],
    [1000, 0],
    [0, 16],
  ])(
    'no discordant row of %i right, %i wrong leaves a finite interval around 0',
    (both, neither) => {
      const { value, interval } = pairedDifference({ both, onlyFirst: 0, onlySecond: 0, neither });
      expect(value).toBe(0);
      expect(interval.low).toBeLessThan(0);
      expect(interval.high).toBeGreaterThan(0);
      expect(interval.high - interval.low).toBeLessThan(0.4);
    },
  );

  test('swapping the sides mirrors the interval', () => {
    const there = pairedDifference({ both: 700, onlyFirst: 31, onlySecond: 12, neither: 257 });
    const back = pairedDifference({ both: 700, onlyFirst: 12, onlySecond: 31, neither: 257 });
    expect(back.value).toBe(-there.value);
    expect(back.interval.low).toBeCloseTo(-there.interval.high, 12);
    expect(back.interval.high).toBeCloseTo(-there.interval.low, 12);
  });
});

describe('median with interval', () => {
  // Ranks from the table of sign-test intervals (Hollander & Wolfe, A.2 and Conover 3.2), 95 %.
  test.each([
    [6, 1],
    [8, 1],
    [9, 2],
    [10, 2],
    [12, 3],
    [15, 4],
    [20, 6],
    [25, 8],
  ])('%i values: from the %i. smallest to the same from the top', (count, rank) => {
    const values = Array.from({ length: count }, (_, index) => count - index);
    expect(medianWithInterval(values)).toEqual({
      median: (count + 1) / 2,
      interval: { low: rank, high: count + 1 - rank },
    });
  });

  test('gives none below six values and survives thousands', () => {
    expect(medianWithInterval([1, 2, 3, 4, 5])).toBeNull();
    const many = Array.from({ length: 5001 }, (_, index) => index);
    // 2500 ∓ 1.96 · √5001 / 2 ≈ 69.3 ranks
    expect(medianWithInterval(many)).toEqual({
      median: 2500,
      interval: { low: 2430, high: 2570 },
    });
  });
});
