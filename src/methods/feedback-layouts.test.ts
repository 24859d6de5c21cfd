import { expect, test } from 'vitest';
import { channelsBeside, pruneWords, rowsOfChannels } from './feedback-layouts.ts';
import { panelsOf } from './feedback-panels.ts';

const counted = (length: number) => Float32Array.from({ length }, (_, i) => i + 1);

test.each([
  [1, 1, 64],
  [33, 70, 64],
  [65, 31, 128],
])('%i channels of %i inputs are laid side by side, %i apart, and back', (N, K, stride) => {
  const rows = counted(N * K);
  const beside = channelsBeside(rows, N, K, stride);
  expect(beside).toEqual(
    Float32Array.from({ length: K * stride }, (_, at) => {
      const [k, n] = [Math.floor(at / stride), at % stride];
      return n < N ? n * K + k + 1 : 0;
    }),
  );
  expect(rowsOfChannels(beside, new Float32Array(N * K), stride)).toEqual(rows);

  const goes = Uint8Array.from(rows, (value) => Number(value % 3 === 0));
  const words = pruneWords(goes, N, K, stride);
  rows.forEach((_, at) => {
    const [n, k] = [Math.floor(at / K), at % K];
    const word = words[(k * stride) / 32 + (n >> 5)] ?? 0;
    expect((word >>> (n & 31)) & 1).toBe(goes[at]);
  });
});

test('a panel has its columns of the factor, their diagonal and their blocks', () => {
  const K = 41;
  const upper = counted(K * K);
  const diagonal = Float64Array.from({ length: K }, (_, k) => 1000 + k);
  const { values, blocks } = panelsOf(
    { K, upper, diagonal },
    { blockOf: Uint32Array.from({ length: K }, (_, k) => k >> 4) },
  );
  expect(blocks.map(({ first, width }) => [first, width])).toEqual([
    [0, 32],
    [32, 9],
  ]);
  for (const { first, width, offset, byteLength } of blocks) {
    expect(offset % 256).toBe(0);
    const panel = values.subarray(offset / 4, (offset + byteLength) / 4);
    const facts = 32 * (first + 32);
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < first + width; j++) {
        expect(panel[32 * j + i]).toBe(upper[j * K + first + i]);
      }
      expect(panel[facts + i]).toBe(1000 + first + i);
      expect(panel[facts + 32 + i]).toBe((first + i) >> 4);
    }
  }
});
