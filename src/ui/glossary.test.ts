import { expect, test } from 'vitest';
import { glossed, meaningIn } from './glossary.ts';

const words = (text: string) =>
  glossed(text).flatMap((piece) => (typeof piece === 'string' ? [] : [piece.word]));

test.each([
  ['KL to the original, mean', ['KL']],
  [
    'Filled: on the Pareto front. Bars: 95 % interval of the difference from fp32.',
    ['Pareto front', '95 % interval', 'fp32'],
  ],
  ['vs baseline, pt', ['pt']],
  ['WASM speed', ['WASM speed']],
  ['SQNR, dB', ['SQNR']],
])('%s has words that are explained', (text, expected) => {
  expect(words(text)).toEqual(expected);
});

test.each(['SKLearn', 'opt', 'fp32-rows', 'dB·16', 'loses nothing', ''])('%s has none', (text) => {
  expect(words(text)).toEqual([]);
  expect(meaningIn(text)).toBeNull();
});

test('pieces are the whole text, and a meaning is given once', () => {
  const text = 'KL 0.1 and KL 0.2, cosine 0.9: p50';
  const pieces = glossed(text);
  expect(pieces.map((it) => (typeof it === 'string' ? it : it.word)).join('')).toBe(text);
  expect(words(text)).toEqual(['KL', 'cosine', 'p50']);
  expect(meaningIn('Cosine')).toBe(meaningIn('cosine'));
});
