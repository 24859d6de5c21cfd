import { expect, test } from 'vitest';
import { cutTensor } from './cut-tensor.ts';
import { bestUnits, unitScores } from './unit-scores.ts';

test('indices of several axes go, elements keep their order', () => {
  const values = Uint16Array.from({ length: 24 }, (_, at) => at);
  const kept = new Map([
    [0, [1]],
    [2, [0, 3]],
  ]);
  const made = cutTensor(new Uint8Array(values.buffer), [2, 3, 4], 2, kept);
  expect([...new Uint16Array(made.buffer)]).toEqual([12, 15, 16, 19, 20, 23]);
});

test('scores weigh what a unit is given by what it weighs', () => {
  const taker = {
    weights: Float32Array.of(1, -2, 3, 0, 1, 1, 0, 1),
    ...{ N: 2, K: 4, inputs: [[0, 1], [2], [3]] },
    statistics: {
      ...{ K: 4, count: 4, rows: 1, gram: null },
      ...{ sum: new Float64Array(4), sumAbs: new Float64Array(4) },
      ...{ min: new Float32Array(4), max: new Float32Array(4) },
      sumSquares: Float64Array.of(4, 4, 4, 400),
    },
  };
  const scaled = (score: 'weights' | 'activations' | 'wanda', unit: number) =>
    [...unitScores([taker], score)].map((value) => Math.round(value * unit * 1000) / 1000);
  expect(scaled('weights', 9)).toEqual([5, 3, 1]);
  expect(scaled('activations', 13)).toEqual([2, 1, 10]);
  expect(scaled('wanda', 18)).toEqual([5, 3, 10]);
});

test('the best stay in their order; of equal ones the earlier', () => {
  expect(bestUnits(Float64Array.of(1, 3, 1, 2), 3)).toEqual([0, 1, 3]);
});
