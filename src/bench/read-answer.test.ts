import { expect, test } from 'vitest';
import { NO_READOUT } from '../dataset/readout.ts';
import type { OutputTensor } from './outputs.ts';
import { type ReadTerms, readAnswer } from './read-answer.ts';

const ranOf = (values: readonly number[]) => {
  const output: OutputTensor = {
    dtype: 'float32',
    dims: [1, values.length],
    data: Float32Array.from(values),
  };
  return { feeds: [{}], outputs: [{ y: output }] };
};
const terms = (logits: boolean, multiLabel: boolean): ReadTerms => ({
  readout: { ...NO_READOUT, answer: { name: 'y', logits } },
  labels: [],
  multiLabel,
});

test.each([
  ['logits of one choice', [2, 0], true, false, true, 0.8808],
  ['logits of labels', [2, 0], true, true, false, 0.8808],
  ['shares of one choice', [0.7, 0.3], false, false, true, 0.7],
  ['shares of labels, which config.json need not say', [0.7, 0.6], false, false, false, 0.7],
])('%s', (_, values, logits, multiLabel, exclusive, share) => {
  const reading = readAnswer(ranOf(values), null, terms(logits, multiLabel));
  expect(reading).toMatchObject({ kind: 'classes', exclusive });
  expect(reading.kind === 'classes' && reading.choices[0]?.share).toBeCloseTo(share, 4);
});

test('of many labels each is told, of many classes the likeliest', () => {
  const values = Array.from({ length: 28 }, (_, index) => index / 10);
  const count = (multiLabel: boolean) => {
    const reading = readAnswer(ranOf(values), null, terms(true, multiLabel));
    return reading.kind === 'classes' ? reading.choices.length : 0;
  };
  expect([count(true), count(false)]).toEqual([28, 5]);
});
