import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { markSmallest } from './mark-smallest.ts';

const random = seededRandom(3);

test.each([1, 4, 32, 33, 1000])('of %i scores, as sorting has it', (length) => {
  for (const draw of [() => Math.abs(random.normal()) * 1e-20, () => random.below(4)]) {
    const scores = Float32Array.from({ length }, draw);
    const order = [...scores.keys()].sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b);
    for (const count of new Set([0, 1, Math.floor(length / 2), length])) {
      const marks = new Uint8Array(length);
      markSmallest(scores, count, marks);
      const chosen = [...marks.keys()].filter((i) => marks[i] === 1);
      expect(chosen).toEqual(order.slice(0, count).sort((a, b) => a - b));
    }
  }
});

test('a score that is infinite comes last', () => {
  const scores = new Float32Array(40).fill(Number.POSITIVE_INFINITY);
  scores[39] = 3.4e38;
  const marks = new Uint8Array(40);
  markSmallest(scores, 2, marks);
  expect([marks[0], marks[39], marks.reduce((sum, mark) => sum + mark)]).toEqual([1, 1, 2]);
});
