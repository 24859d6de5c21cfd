import { expect, test } from 'vitest';
import { prunedOfAll } from '../core/prune-spec.ts';
import { type Random, seededRandom } from '../core/random.ts';
import { HISTOGRAM_LENGTH, magnitudeHistogram, NON_FINITE } from './magnitude-histogram.ts';
import { beginSearch, type MagnitudeThreshold, narrow } from './magnitude-search.ts';
import { nOfMMask } from './n-of-m-mask.ts';
import { pruneMask } from './prune-mask.ts';
import { float32Of, type GoldenArray, goldenCases } from './testing/golden.ts';

/** Finds the threshold over `pieces` in order. */
function search(pieces: readonly Float32Array[], count: number): MagnitudeThreshold {
  let state = beginSearch(count);
  while (state.digit) {
    const counts = new Uint32Array(HISTOGRAM_LENGTH);
    for (const piece of pieces) {
      const bits = new Uint32Array(piece.buffer, piece.byteOffset, piece.length);
      magnitudeHistogram(bits, state.digit, counts);
    }
    state = narrow(state, counts);
  }
  if (!state.result) throw new Error('a search ends with a result');
  return state.result;
}

/** One byte a value. */
function masksOf(pieces: readonly Float32Array[], count: number): Uint8Array[] {
  const threshold = search(pieces, count);
  let seen = 0;
  return pieces.map((piece) => {
    const { mask, tiesSeen } = pruneMask(piece, threshold, seen);
    seen = tiesSeen;
    return spread(mask, piece.length);
  });
}

const spread = (mask: Uint8Array, length: number) =>
  Uint8Array.from({ length }, (_, i) => (mask[i >> 3]! >> (i & 7)) & 1);

/** The definition: sort by magnitude, then by index. */
function sorted(values: Float32Array, count: number): Uint8Array {
  const order = [...values.keys()].sort((a, b) => Math.abs(values[a]!) - Math.abs(values[b]!));
  const goes = new Uint8Array(values.length);
  for (const index of order.slice(0, count)) goes[index] = 1;
  return goes;
}

test.each(goldenCases('prune', 'magnitude_').filter(({ arrays }) => arrays['weight']))(
  '$name: exactly the entries of the golden',
  ({ arrays, expect: { variants = [] } }) => {
    const weight = float32Of(arrays['weight']!);
    expect(variants.length).toBeGreaterThan(0);
    for (const { sparsity, pruned, mask } of variants) {
      const count = prunedOfAll(weight.length, sparsity as number);
      expect(count).toBe(pruned);
      expect(masksOf([weight], count)[0]).toEqual(arrays[mask as string]!.bytes);
    }
  },
);

test('magnitude_global: one ranking over four weights', () => {
  const [{ arrays, expect: golden }] = goldenCases('prune', 'magnitude_global') as [
    ReturnType<typeof goldenCases>[number],
  ];
  const weights = [0, 1, 2, 3].map((i) => float32Of(arrays[`weight${i}`]!));
  const total = weights.reduce((sum, { length }) => sum + length, 0);
  expect(golden.variants?.length).toBe(3);
  for (const { sparsity, pruned, perTensor } of golden.variants ?? []) {
    const count = prunedOfAll(total, sparsity as number);
    expect(count).toBe(pruned);
    const masks = masksOf(weights, count);
    expect(masks).toEqual(masks.map((_, i) => arrays[`pruned${i}_${sparsity}`]!.bytes));
    expect(masks.map((mask) => mask.reduce((a, b) => a + b, 0))).toEqual(perTensor);
  }
});

test.each(goldenCases('prune', 'nm_'))(
  '$name: exactly the entries of the golden, both layouts',
  ({ arrays, expect: { variants = [] } }) => {
    const { shape } = arrays['weight'] as GoldenArray;
    const [N = 0, K = 0] = shape;
    const weight = float32Of(arrays['weight']!);
    const turned = turn(weight, N, K);
    expect(variants.length).toBe(3);
    for (const { keep, of: m, mask } of variants) {
      const rule = { n: keep as number, m: m as number };
      const wanted = arrays[mask as string]!.bytes;
      const along = nOfMMask(weight, { axisLength: K, inner: 1 }, rule);
      expect(spread(along.mask, N * K)).toEqual(wanted);
      const down = nOfMMask(turned, { axisLength: K, inner: N }, rule);
      expect(turn(spread(down.mask, N * K), K, N)).toEqual(wanted);
    }
  },
);

function turn<T extends Float32Array | Uint8Array>(values: T, rows: number, columns: number): T {
  const turned = values.slice() as T;
  values.forEach((value, i) => {
    turned[(i % columns) * rows + Math.floor(i / columns)] = value;
  });
  return turned;
}

const kinds: Readonly<Record<string, (random: Random) => number>> = {
  normal: (random) => random.normal(),
  'few values': (random) => (random.below(7) - 3) / 4,
  'subnormals and zeros': (random) => (random.below(9) - 4) * 2 ** -149,
  'all magnitudes': (random) => random.normal() * 2 ** (random.below(250) - 125),
};

test.each(Object.entries(kinds))('%s, in pieces: as sorting gives', (_, draw) => {
  const random = seededRandom(5);
  for (const length of [1, 3, 17, 129, 1000]) {
    const values = Float32Array.from({ length }, () => draw(random));
    const cut = random.below(length);
    const pieces = [values.subarray(0, cut), values.subarray(cut, cut), values.subarray(cut)];
    for (const count of new Set([0, 1, length >> 1, length - 1, length])) {
      const masks = masksOf(pieces, count).flatMap((mask) => [...mask]);
      expect(masks).toEqual([...sorted(values, count)]);
    }
  }
});

test('values that are not finite are counted apart', () => {
  const values = Float32Array.of(Number.NaN, 1, Number.POSITIVE_INFINITY, -0, -Infinity);
  const counts = new Uint32Array(HISTOGRAM_LENGTH);
  const { digit } = beginSearch(1);
  if (!digit) throw new Error('a digit to count');
  magnitudeHistogram(new Uint32Array(values.buffer), digit, counts);
  expect(counts[NON_FINITE]).toBe(3);
  expect(counts.reduce((a, b) => a + b)).toBe(5);
});

test('an exhausted search is a bug', () => {
  expect(() => narrow(beginSearch(3), new Uint32Array(HISTOGRAM_LENGTH))).toThrow('only 0');
});

test('errors are those of the values that go', () => {
  const { errors } = nOfMMask(
    Float32Array.of(1, -2, 3, 4),
    { axisLength: 4, inner: 1 },
    {
      ...{ n: 2, m: 4 },
    },
  );
  expect(errors).toEqual({ sumSquares: 30, sumSquaredError: 5, maxAbsError: 2 });
});
