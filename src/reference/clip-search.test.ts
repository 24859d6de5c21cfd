import { expect, test } from 'vitest';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { seededRandom } from '../core/random.ts';
import { blockError, CLIP_FACTORS, clippedRange } from './clip-search.ts';
import { quantize } from './quantize.ts';

const RULES = [
  ['matmul-nbits', 2],
  ['matmul-nbits', 4],
  ['matmul-nbits', 8],
  ['gather', 4],
  ['int8', 8],
] as const;

test.each(RULES)('%s at %i bits: no block gets worse, and outliers gain', (rule, bits) => {
  const random = seededRandom(bits);
  for (const symmetric of [false, true]) {
    // At 8 bits the grid is so fine that only a long block gains by losing its outlier.
    const [length, rounds] = bits === 8 ? [2048, 2] : [32, 20];
    let gained = 0;
    for (let round = 0; round < rounds; round++) {
      const block = Float32Array.from({ length }, () => random.normal());
      if (round % 2 === 0) block[random.below(length)] = 6;
      const range = { low: Math.min(0, ...block), high: Math.max(0, ...block) };
      const spec = { rule, bits, symmetric, scaleType: 'float16' } as const;
      const clipped = clippedRange(spec, block, range);
      const [before, after] = [range, clipped].map((own) => blockError(spec, block, own));
      expect(after).toBeLessThanOrEqual(before as number);
      const all = [...CLIP_FACTORS].map((factor) =>
        blockError(spec, block, {
          low: Math.fround(range.low * factor),
          high: Math.fround(range.high * factor),
        }),
      );
      expect(after).toBe(Math.min(...all));
      const first = CLIP_FACTORS[all.indexOf(after as number)] as number;
      expect(clipped.high).toBe(Math.fround(range.high * first));
      if ((after as number) < (before as number)) gained += 1;
    }
    expect(gained).toBeGreaterThan(rounds / 4);
  }
});

test('tries 1 first and 0.21 last', () => {
  expect(CLIP_FACTORS.length).toBe(80);
  expect([CLIP_FACTORS[0], CLIP_FACTORS[79]]).toEqual([1, Math.fround(0.21)]);
});

test('equal errors keep the wider range, and tiny blocks stay', () => {
  const spec = { rule: 'gather', bits: 8, symmetric: false, scaleType: 'float32' } as const;
  expect(clippedRange(spec, Float32Array.of(0, 0), { low: 0, high: 0 })).toEqual({
    low: 0,
    high: 0,
  });
  const tiny = 2 ** -97;
  expect(clippedRange(spec, Float32Array.of(tiny, tiny / 3), { low: 0, high: tiny }).high).toBe(
    tiny,
  );
});

test('a whole weight has no more error than without the search', () => {
  const random = seededRandom(4);
  const weight = Float32Array.from({ length: 128 * 6 }, () => random.normal());
  const spec = {
    ...{ rule: 'matmul-nbits', bits: 4, blockSize: 32, symmetric: true, scaleType: 'float32' },
    ...{ K: 128, N: 6, transposed: true, packing: 'blocks' },
  } as const satisfies QuantizeSpec;
  const plain = quantize(weight, spec);
  const clipped = quantize(weight, { ...spec, clip: true });
  expect(clipped.errors.sumSquaredError).toBeLessThan(plain.errors.sumSquaredError);
  expect(clipped.errors.sumSquares).toBe(plain.errors.sumSquares);
  expect(clipped.codes.length).toBe(plain.codes.length);
});
