import { expect, test } from 'vitest';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { smallestTile, tilesOf } from './rtn-tiles.ts';

const SHAPES = [
  [1, 1],
  [33, 7],
  [384, 384],
  [1000, 129],
] as const;
const cases = SHAPES.flatMap(([K, N]) =>
  ([16, 256, 'channel'] as const).flatMap((blockSize) =>
    [false, true].map((transposed) => ({ K, N, blockSize, transposed })),
  ),
);
type Shape = Pick<QuantizeSpec, 'K' | 'N' | 'blockSize' | 'transposed'>;
const specOf = (shape: Shape): QuantizeSpec => ({
  ...{ rule: 'matmul-nbits', bits: 4, symmetric: true, scaleType: 'float32', packing: 'blocks' },
  ...shape,
});

test.each(cases)(
  '$K × $N, block $blockSize, transposed $transposed: each element once',
  (shape) => {
    const spec = specOf(shape);
    const smallest = smallestTile(spec);
    for (const maxElements of [smallest, 3 * smallest, 2 ** 24]) {
      const seen = { codes: new Map<string, number>(), ranges: new Map<string, number>() };
      const tiles = tilesOf('w', spec, maxElements);
      for (const tile of tiles) {
        expect(tile.rows * tile.columns).toBeLessThanOrEqual(maxElements);
        expect(tile.rows % 16).toBe(0);
        expect(tile.rows % tile.blockSize).toBe(0);
        expect(tile.columns % 4).toBe(0);
        for (const work of ['codes', 'ranges'] as const) {
          if (!tile.does[work]) continue;
          for (let row = 0; row < tile.validRows; row++) {
            const key = `${tile.firstRow + row}, ${tile.firstColumn}`;
            seen[work].set(key, (seen[work].get(key) ?? 0) + tile.validColumns);
          }
        }
      }
      for (const counts of [seen.codes, seen.ranges]) {
        const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
        expect(total).toBe(shape.K * shape.N);
        expect(Math.max(...counts.values())).toBeLessThanOrEqual(shape.N);
      }
      if (shape.transposed || shape.blockSize !== 'channel' || tiles.length === 1) {
        expect(tiles.every(({ does }) => does.ranges && does.codes)).toBe(true);
      }
    }
    expect(() => tilesOf('w', spec, smallest - 1)).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
  },
);

test('a clip search passes a weight of several tiles between its extremes and its codes', () => {
  const channel = specOf({ K: 1000, N: 8, blockSize: 'channel', transposed: false });
  const tiles = tilesOf('w', { ...channel, clip: true }, 2048);
  const works = (work: keyof (typeof tiles)[number]['does']) =>
    tiles.flatMap(({ does }, i) => (does[work] ? [i] : []));
  expect(works('ranges')).toEqual([0, 1, 2, 3]);
  expect(works('clipErrors')).toEqual([4, 5, 6, 7]);
  expect(works('parameters')).toEqual([7]);
  expect(works('codes')).toEqual([8, 9, 10, 11]);
  const blocks = { ...specOf({ K: 1000, N: 8, blockSize: 16, transposed: false }), clip: true };
  expect(tilesOf('w', blocks, 2048).every(({ does }) => does.clipErrors && does.codes)).toBe(true);
});

test('tiles of a clip search have no more blocks than errors fit the smallest binding', () => {
  const spec = {
    ...specOf({ K: 2 ** 12, N: 2 ** 14, blockSize: 16, transposed: true }),
    clip: true,
  };
  const tiles = tilesOf('w', spec, 2 ** 26);
  expect(Math.max(...tiles.map((tile) => tile.columns * tile.blockCount * 320))).toBeLessThan(
    2 ** 27,
  );
});
