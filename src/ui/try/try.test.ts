import { expect, test } from 'vitest';
import { speedInterval } from '../../report/paired-time.ts';
import type { Choice, ModelAnswer, Reading } from '../../report/trial.ts';
import { answerWords, differenceWords, differs, shareRows, spokenAnswers } from './answer-words.ts';
import { blankGrid, padSize, penRadius, stroke } from './pad-grid.ts';
import { partingOf } from './parting.ts';
import { speedOf, timesOf, timingWords } from './timing-words.ts';

const classes = (shares: readonly number[], of = shares.length): Reading => ({
  kind: 'classes',
  choices: shares
    .map((share, index): Choice => ({ index, label: `c${index}`, share }))
    .sort((a, b) => b.share - a.share),
  of,
  exclusive: true,
});

const answer = (reading: Reading, runId = 'r'): ModelAnswer => ({ runId, durationMs: 1, reading });

test('a run is compared with the original in words', () => {
  const original = answer(classes([0.9, 0.1]));
  expect(differenceWords(original, answer(classes([0.878, 0.122])))).toBe('same, −2.2 pt');
  expect(differenceWords(original, answer(classes([0.3, 0.7])))).toBe('instead of c0');
  expect(differs(original, answer(classes([0.3, 0.7])))).toBe(true);
  expect(differs(original, answer(classes([0.6, 0.4])))).toBe(false);
  const broken = answer(classes([Number.NaN, Number.NaN]));
  expect(differenceWords(original, broken)).toBe('no number (NaN)');
  expect(differs(original, broken)).toBe(true);
  expect(answerWords(broken)).toBe('no number (NaN)');
  const cosine = (value: number) => answer({ kind: 'similarity', cosine: value });
  expect(differenceWords(cosine(0.81), cosine(0.8))).toBe('−0.01000');
  expect(differenceWords(original, { runId: 'r', failure: 'too big' })).toBeNull();
});

test('labels that stand each for itself are compared as a set', () => {
  const labels = (...shares: number[]): Reading => ({
    ...(classes(shares) as Extract<Reading, { kind: 'classes' }>),
    exclusive: false,
  });
  const original = answer(labels(0.62, 0.74, 0.54, 0.39));
  expect(answerWords(original)).toBe('c1 74.0 %, c0 62.0 %, c2 54.0 %');
  const close = answer(labels(0.75, 0.7, 0.51, 0.4));
  expect(differs(original, close), 'another is likeliest, and the same are given').toBe(false);
  expect(differenceWords(original, close)).toBe('same labels, at most 13.0 pt apart');
  const other = answer(labels(0.6, 0.7, 0.4, 0.6));
  expect(differs(original, other)).toBe(true);
  expect(differenceWords(original, other)).toBe('without c2, with c3');
  expect(answerWords(answer(labels(0.1, 0.2)))).toBe('no label reaches 50 %');
});

test('outputs that are no answer tell their shape, and how close a run stays', () => {
  const outputs = (cosine: number | null): ModelAnswer =>
    answer({
      kind: 'outputs',
      outputs: [{ name: 'last_hidden_state', dims: [1, 7, 64] }],
      closeness: cosine === null ? null : { cosine, largestDifference: 0.1, same: null },
    });
  expect(answerWords(outputs(null))).toBe('1 × 7 × 64');
  expect(differenceWords(outputs(null), outputs(0.98416))).toBe('cosine 0.98416');
});

test('answers are read aloud in a sentence a model', () => {
  const original = answer(classes([0.9, 0.1]));
  const runs = [
    { name: 'fp32', answer: original },
    { name: 'int4', answer: answer(classes([0.85, 0.15])) },
  ];
  expect(spokenAnswers(runs)).toBe('fp32: c0 90.0 %. int4: c0 85.0 %, same, −5.0 pt.');
});

test('few classes keep their order; of many the likeliest show, and what a run prefers', () => {
  const few = shareRows([classes([0.2, 0.5, 0.3]), classes([0.1, 0.1, 0.8])]);
  expect(few.map(({ index }) => index)).toEqual([0, 1, 2]);
  expect(few[2]?.shares).toEqual([0.3, 0.8]);

  const many = Array.from({ length: 12 }, (_, index) => (index + 1) / 78);
  const other = many.toReversed();
  const rows = shareRows([classes(many, 1000), classes(other, 1000)]);
  expect(rows.map(({ index }) => index)).toEqual([11, 10, 9, 8, 7, 0]);
  expect(rows.at(-1)?.shares).toEqual([1 / 78, 12 / 78]);
  expect(shareRows([null, { kind: 'number', value: 1 }])).toEqual([]);
});

test('tokens show what cannot be seen', () => {
  const reading: Reading = {
    kind: 'next-token',
    choices: [
      { index: 7, label: ' the\n', share: 0.5 },
      { index: 8, label: '', share: 0.2 },
    ],
    of: 100,
  };
  const other: Reading = { ...reading, choices: reading.choices.slice(1) };
  expect(shareRows([reading, other])[0]).toMatchObject({ shares: [0.5, null], below: [0.2, 0.2] });
  expect(shareRows([reading]).map(({ label }) => label)).toEqual(['␣the⏎', 'part of a character']);
});

test('continuations part at the first other token', () => {
  const ids = (...all: number[]) => all.map((id) => ({ id }));
  expect(partingOf(ids(1, 2, 3), ids(1, 2, 4))).toBe(2);
  expect(partingOf(ids(1, 2, 3), ids(1, 2))).toBeNull();
  expect(partingOf([], ids(1))).toBeNull();
});

test('a stroke is dark in its middle, soft at its edge, and nothing elsewhere', () => {
  const blank = blankGrid({ width: 28, height: 28 }, 0);
  const grid = stroke(blank, { x: 5, y: 14 }, { x: 23, y: 14 }, 255, penRadius(blank));
  const at = (x: number, y: number) => grid.levels[y * 28 + x] ?? -1;
  expect(at(14, 13)).toBe(255);
  expect(at(14, 14)).toBe(255);
  expect(at(14, 15)).toBeGreaterThan(0);
  expect(at(14, 15)).toBeLessThan(255);
  expect(at(14, 17)).toBe(0);
  expect(at(1, 14)).toBe(0);
  expect(blank.levels.every((level) => level === 0)).toBe(true);
  const erased = stroke(grid, { x: 5, y: 14 }, { x: 23, y: 14 }, 0, 3);
  expect(erased.levels.every((level) => level === 0)).toBe(true);
});

test('a stroke that leaves the pad is cut at its edge', () => {
  const grid = stroke(
    blankGrid({ width: 8, height: 8 }, 255),
    { x: -20, y: 4 },
    { x: 40, y: 4 },
    0,
    1,
  );
  expect(grid.levels.filter((level) => level === 0).length).toBeGreaterThanOrEqual(8);
  expect(grid.levels).toHaveLength(64);
});

test.each([
  [28, 28, 28, 28],
  [8, 8, 8, 8],
  [224, 224, 64, 64],
  [320, 48, 64, 10],
  [null, null, 64, 64],
])('for images of %s × %s a pad of %i × %i cells', (width, height, columns, rows) => {
  expect(padSize(width, height)).toEqual({ width: columns, height: rows });
});

test('times by turns come to a speed with its interval, once there are six rounds', () => {
  const timing = (rounds: readonly (readonly number[])[]) => ({
    ...{ input: { kind: 'row', index: 0 } as const, backend: 'wasm' as const, end: null },
    ...{ runIds: ['baseline', 'a'], rounds },
  });
  // The device is twice as slow in every second round, and both models with it.
  const rounds = Array.from({ length: 6 }, (_, round) => (round % 2 ? [80, 20] : [40, 10]));
  expect(speedOf(timing(rounds.slice(1)), 'a')).toBeNull();
  const speed = speedOf(timing(rounds), 'a');
  expect(speed).toMatchObject({ ratio: 0.25, interval: { low: 0.25, high: 0.25 } });
  expect(speed && speedInterval(speed)).toBe('×4.0 to ×4.0');
  expect(timesOf(timing(rounds), 'a')).toEqual([10, 20, 10, 20, 10, 20]);
  expect(timesOf(timing(rounds), 'other')).toEqual([]);
  expect(speedOf({ ...timing(rounds), runIds: ['other', 'a'] }, 'a')).toBeNull();
  expect(timingWords(timing(rounds), [], null)).toBe(
    'This input on WASM, 6 rounds by turns, as a benchmark times pairs.',
  );
  expect(timingWords({ ...timing([]), end: 'hidden' }, [], null)).toContain('hidden');
});
