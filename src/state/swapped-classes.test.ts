import { expect, test } from 'vitest';
import { type MappingNeed, NO_MAPPING } from '../report/data-mapping.ts';
import type { Accuracy } from '../report/report.ts';
import { seemSwapped } from './swapped-classes.ts';
import { openedStudio } from './testing/open-studio.ts';

const LABELS: MappingNeed = {
  kind: 'labels',
  ...{ file: 'reviews.csv', reason: 'Unknown labels.' },
  ...{ values: [], classes: ['class 0', 'class 1'] },
};

const mapping = { ...NO_MAPPING, labels: { negative: 1, positive: 0 } };

async function scored(low: number, high: number, rows = 500) {
  const [baseline] = (await openedStudio()).session().runs;
  if (!baseline) throw new Error('no baseline');
  const accuracy: Accuracy = {
    ...{ metric: 'accuracy', value: (low + high) / 2, interval: { low, high }, rows },
    ...{ also: [], backend: 'wasm', correct: null, difference: null },
  };
  return [{ ...baseline, accuracy }];
}

test('classes are likely the wrong way round where the original is worse than guessing', async () => {
  const runs = await scored(0.13, 0.19);
  expect(seemSwapped({ needs: [LABELS], mapping, runs })).toBe(true);
  expect(seemSwapped({ needs: [LABELS], mapping: null, runs }), 'not matched by hand').toBe(false);
  expect(seemSwapped({ needs: [], mapping, runs }), 'nothing to match').toBe(false);
});

test.each([
  ['right', 0.81, 0.87, 500],
  ['as good as guessing', 0.44, 0.53, 500],
  ['of few rows', 0.1, 0.4, 12],
])('not where it is %s', async (_, low, high, rows) => {
  const runs = await scored(low, high, rows);
  expect(seemSwapped({ needs: [LABELS], mapping, runs })).toBe(false);
});
