import { describe, expect, test } from 'vitest';
import { encodingForNf4, encodingForPalettize } from '../catalog/choose-codebook.ts';
import type { CodebookChoice } from '../catalog/encodings.ts';
import { shapeByAxis } from '../catalog/matrix-shape.ts';
import { seededRandom } from '../core/random.ts';
import { codebookValues } from '../encoders/codebook-payloads.ts';
import { CpuBlocks } from './cpu-blocks.ts';
import { fitCodebook } from './fit-codebook.ts';

const { signal } = new AbortController();
const device = { blocks: new CpuBlocks() };
const random = seededRandom(9);
const normal = (length: number) => Float32Array.from({ length }, () => random.normal() / 8);

function chosen(decision: ReturnType<typeof encodingForNf4>): CodebookChoice {
  if ('refused' in decision) throw new Error(decision.refused);
  return decision.choice;
}
const palettes = (bits: number, channels: number | 'all', scaleType = 'float32') =>
  chosen(encodingForPalettize({ bits, channels, scaleType }, { row: 'Conv' }, 'wasm'));
const nf4 = (blockSize: number, scaleType = 'float32') =>
  chosen(encodingForNf4({ blockSize, scaleType }, { row: 'Conv' }, 'wasm'));

describe.each([
  { name: 'a matrix', shape: shapeByAxis([40, 24], 1) },
  { name: 'a matrix turned', shape: shapeByAxis([24, 40], 0) },
  { name: 'a kernel', shape: shapeByAxis([24, 4, 3, 3], 0) },
  { name: 'channels between', shape: shapeByAxis([2, 24, 20], 1) },
])('$name', ({ shape }) => {
  const values = normal(shape.K * shape.N);
  test.each([
    ...[palettes(1, 'all'), palettes(3, 1), palettes(4, 5), palettes(6, 'all', 'float16')],
    ...[nf4(16), nf4(64, 'float16')],
  ])('$entries, $bits bit: errors are those of what is stored', async (choice) => {
    const fitted = await fitCodebook('W', values, choice, shape, device, signal);
    const stored = codebookValues(choice, shape, fitted);
    const error = values.reduce((sum, w, i) => sum + (w - (stored[i] ?? 0)) ** 2, 0);
    expect(fitted.errors.sumSquaredError).toBeCloseTo(error, 8);
    const squares = values.reduce((sum, w) => sum + w * w, 0);
    expect(fitted.errors.sumSquares).toBeCloseTo(squares, 8);
    expect(error / squares).toBeLessThan(choice.bits === 1 ? 0.4 : 0.05);
  });
});

test('palettes of fewer channels are nearer', async () => {
  const shape = shapeByAxis([64, 24], 1);
  const values = normal(64 * 24).map((w, i) => w * (1 + (i % 24)));
  const error = async (channels: number | 'all') =>
    (await fitCodebook('W', values, palettes(3, channels), shape, device, signal)).errors
      .sumSquaredError;
  const [one, four, all] = [await error(1), await error(4), await error('all')];
  expect(one).toBeLessThan(four);
  expect(four).toBeLessThan(all);
});

test('pruned zeros stay zeros', async () => {
  const shape = shapeByAxis([64, 24], 1);
  const values = normal(64 * 24).map((w, i) => (i % 2 ? w : 0));
  const choice = palettes(3, 'all');
  const fitted = await fitCodebook('W', values, choice, shape, device, signal);
  const stored = codebookValues(choice, shape, fitted);
  expect(values.every((w, i) => w !== 0 || stored[i] === 0)).toBe(true);
});

test('says where evenly spaced levels in the same blocks would be nearer than NF4', async () => {
  const shape = shapeByAxis([64, 16], 1);
  const even = Float32Array.from({ length: 64 * 16 }, (_, i) => ((i * 7) % 15) - 7);
  const fitted = await fitCodebook('W', even, nf4(64), shape, device, signal);
  expect(fitted.note).toMatch(/would be nearer/);
  const own = await fitCodebook('W', normal(64 * 16), nf4(64), shape, device, signal);
  expect(own.note).toBeNull();
});

test('refuses what is not finite, and what 16 bits do not hold, by name', async () => {
  const shape = shapeByAxis([4, 4], 1);
  const values = normal(16);
  values[3] = Number.NaN;
  await expect(fitCodebook('W', values, nf4(16), shape, device, signal)).rejects.toThrow(
    /W holds 1 value/,
  );
  values[3] = 1e6;
  await expect(
    fitCodebook('W', values, palettes(2, 'all', 'float16'), shape, device, signal),
  ).rejects.toThrow(/of W exceed 65,504/);
});

describe('weighed by inputs', () => {
  const byInputs = (channels: number | 'all') => ({ ...palettes(3, channels), byInputs: true });
  const K = 36;
  const N = 10;
  const sumSquares = Float64Array.from({ length: K }, (_, k) => (k % 7 === 0 ? 400 : 1 + (k % 3)));
  /** [N, K] rows of one matrix, and how they lie. */
  const rows = normal(N * K).map((w, i) => (i % 7 === 0 ? w ** 3 * 9 : w));
  const turned = rows.map((_, i) => rows[(i % N) * K + Math.floor(i / N)] as number);
  const cases = [
    { name: 'a matrix', shape: shapeByAxis([K, N], 1), values: turned },
    { name: 'a matrix turned', shape: shapeByAxis([N, K], 0), values: rows },
    { name: 'a kernel', shape: shapeByAxis([N, 4, 3, 3], 0), values: rows },
  ];
  const fitted = (
    at: (typeof cases)[number],
    channels: number | 'all',
    seen: typeof sumSquares | null,
  ) =>
    fitCodebook(
      ...(['W', at.values, byInputs(channels), at.shape, device, signal] as const),
      seen && { sumSquares: seen },
    );

  test.each(cases)('$name: the outputs err less, the values more', async (at) => {
    for (const channels of [1, 4, 'all'] as const) {
      const stored = async (seen: typeof sumSquares | null) => {
        const values = codebookValues(
          byInputs(channels),
          at.shape,
          await fitted(at, channels, seen),
        );
        return at.shape.transposed
          ? values
          : values.map((_, i) => values[(i % K) * N + Math.floor(i / K)] as number);
      };
      const [own, alike] = [await stored(sumSquares), await stored(null)];
      const error = (of: Float32Array, counts: (k: number) => number) =>
        of.reduce((sum, w, i) => sum + counts(i % K) * (w - (rows[i] ?? 0)) ** 2, 0);
      const felt = (k: number) => sumSquares[k] ?? 0;
      expect(error(own, felt)).toBeLessThan(error(alike, felt));
      expect(error(own, () => 1)).toBeGreaterThan(error(alike, () => 1));
    }
  });

  test('the palettes do not depend on how the matrix lies', async () => {
    const [first, ...others] = await Promise.all(cases.map((at) => fitted(at, 4, sumSquares)));
    for (const { levels } of others) expect(levels).toEqual(first?.levels);
  });

  test.each([
    ['not finite', sumSquares.map((x, k) => (k === 3 ? Number.NaN : x)), /inputs are not finite/],
    ['all 0', new Float64Array(K), /inputs are all 0/],
  ])('inputs that are %s: by values alone, which is said', async (_, seen, note) => {
    const [at] = cases;
    if (!at) throw new Error('there are cases');
    const [own, alike] = [await fitted(at, 4, seen), await fitted(at, 4, null)];
    expect(own.levels).toEqual(alike.levels);
    expect(own.note).toMatch(note);
  });

  test('channels that were never seen still have entries', async () => {
    const [, at] = cases;
    if (!at) throw new Error('there are cases');
    const half = sumSquares.map((x, k) => (k < K / 2 ? x : 0));
    const { errors } = await fitted(at, 4, half);
    expect(errors.sumSquaredError / errors.sumSquares).toBeLessThan(0.1);
  });
});
