import { expect, test } from 'vitest';
import { type Ran, readAnswer } from '../bench/read-answer.ts';
import type { Made } from '../dataset/making.ts';
import { NO_READOUT } from '../dataset/readout.ts';
import type { Trial } from '../dataset/trial.ts';
import { nextTokenReader } from './next-token.ts';

const VOCABULARY = 12;
const trial: Trial = {
  ...{ form: { kind: 'continuation', maxTokens: 64 }, labels: [], multiLabel: false },
  readout: { ...NO_READOUT, answer: { name: 'logits', logits: true } },
  growing: {
    endIds: [],
    start: (text) => [...text].map(Number),
    feeds: (ids) => ({ feeds: {}, last: ids.length - 1 }),
    textOf: (before, id) => `${before.at(-1)}>${id}`,
  },
  make: () => Promise.reject(new Error('not made')),
};
const made: Made = { feeds: [{}], texts: null, image: null, label: null, tokens: null };

/** Logits of two positions, with `likeliest` in the second. */
function ranOf(likeliest: number): Ran {
  const data = Float32Array.from({ length: 2 * VOCABULARY }, (_, at) => (at % VOCABULARY) / 8);
  data[VOCABULARY + likeliest] = 5;
  const logits = { dtype: 'float32', dims: [1, 2, VOCABULARY], data };
  return { feeds: [{}], outputs: [{ logits }] };
}

test('the token after a text is told with what the original finds likeliest', () => {
  const read = nextTokenReader(trial, { ...made, texts: ['34'] });
  const before = read?.(ranOf(0), []);
  const likeliest = before?.kind === 'next-token' ? before.choices : [];
  const reading = read?.(ranOf(2), likeliest);
  if (reading?.kind !== 'next-token') throw new Error(reading?.kind);
  expect(reading.of).toBe(VOCABULARY);
  expect(reading.choices[0]).toMatchObject({ index: 2, label: '4>2' });
  expect(reading.choices.map(({ index }) => index)).toContain(0);
  expect(read?.({ feeds: [{}], outputs: [{}] }, [])).toBeNull();
});

test('a run’s own tokens are told by the original’s ids; one that it has not is not told', () => {
  const { growing } = trial;
  const originalIds = [...Array(VOCABULARY).keys()].map((id) => 2 * id);
  const own: Trial = { ...trial, growing: growing && { ...growing, originalIds } };
  const read = nextTokenReader(own, { ...made, texts: ['34'] });
  const likeliest = [0, 1, 22].map((index) => ({ index, label: '', share: 0 }));
  const reading = read?.(ranOf(2), likeliest);
  if (reading?.kind !== 'next-token') throw new Error(reading?.kind);
  expect(reading.choices[0]).toMatchObject({ index: 4, label: '4>2' });
  const told = reading.choices.map(({ index }) => index);
  expect(told).toContain(0);
  expect(told).toContain(22);
  expect(told).not.toContain(1);
});

test('a made-up row has no text that a token comes after: its outputs are compared', () => {
  expect(nextTokenReader(trial, made)).toBeNull();
  expect(readAnswer(ranOf(2), ranOf(0), trial)).toMatchObject({
    kind: 'outputs',
    closeness: { same: { count: 1, of: 2 } },
  });
});
