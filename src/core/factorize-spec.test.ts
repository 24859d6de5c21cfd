import { expect, test } from 'vitest';
import { goldenCases } from '../reference/testing/golden.ts';
import { largestUsefulRank, rankForBudget } from './factorize-spec.ts';

const golden: Readonly<Record<string, unknown>> =
  goldenCases('lowrank', 'rank_for_budget')[0]?.expect ?? {};

test('ranks for a budget are exact', () => {
  const table = golden['table'] as Record<string, number>[];
  expect(table.length).toBe(70);
  for (const row of table) {
    const { rows = 0, cols = 0, keepNumerator = 0, keepDenominator = 1, rank } = row;
    expect([row, rankForBudget(rows, cols, keepNumerator / keepDenominator)]).toEqual([row, rank]);
  }
});

test('the largest rank that saves is exact', () => {
  const cases = golden['breakEven'] as Record<string, number>[];
  expect(cases.length).toBeGreaterThan(4);
  for (const { rows = 0, cols = 0, largestSavingRank } of cases) {
    expect(largestUsefulRank(rows, cols)).toBe(largestSavingRank);
  }
});
