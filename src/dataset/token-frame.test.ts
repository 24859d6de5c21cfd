import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { longestFirst, pairFrameOf } from './token-frame.ts';
import { openTokenizer } from './tokenizer.ts';

const { WHITTLE_SAMPLES } = process.env;

test.skipIf(!WHITTLE_SAMPLES)(
  "pairs are those of Python's tokenizers, cut at 9 tokens",
  async () => {
    const path = `${WHITTLE_SAMPLES}/sentiment-tiny/tokenizer.json`;
    const { encodePair } = await openTokenizer(
      { path: 'tokenizer.json', blob: new Blob([await readFile(path)]) },
      null,
      { tableRows: null, limit: 9 },
    );
    const long = 'one two three four five six seven eight';
    expect(encodePair('a good movie', 'not a bad one')).toEqual({
      ids: [2, 43, 362, 1206, 3, 185, 43, 991, 3],
      types: [0, 0, 0, 0, 0, 1, 1, 1, 1],
    });
    expect(encodePair(long, 'bad')).toEqual({
      ids: [2, 188, 208, 253, 334, 420, 3, 991, 3],
      types: [0, 0, 0, 0, 0, 0, 0, 1, 1],
    });
    expect(encodePair('bad', long)).toEqual({
      ids: [2, 991, 3, 188, 208, 253, 334, 420, 3],
      types: [0, 0, 0, 1, 1, 1, 1, 1, 1],
    });
  },
);

test.each([
  [3, 4, 10, [3, 4]],
  [3, 9, 10, [3, 7]],
  [9, 3, 10, [7, 3]],
  [8, 9, 10, [5, 5]],
  [9, 8, 11, [6, 5]],
  [8, 9, 11, [5, 6]],
  [12, 12, 0, [0, 0]],
] as const)('%i and %i tokens with room for %i leave %j', (first, second, room, kept) => {
  expect(longestFirst(first, second, room)).toEqual(kept);
});

test('a template that leaves a text out makes no pairs', () => {
  expect(pairFrameOf([7], { ids: [1, 7, 2], types: [] })).toBeNull();
  const frame = pairFrameOf([7], { ids: [1, 7, 2, 2, 7, 2], types: [] });
  expect(frame?.([8, 8], [9], 100).ids).toEqual([1, 8, 8, 2, 2, 9, 2]); // as RoBERTa's
  expect(frame?.([8, 8], [9], 2).ids).toEqual([1, 2, 2, 2]);
});
