import { afterAll, expect, test } from 'vitest';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import { quantize } from '../reference/quantize.ts';
import { RtnPipeline } from './rtn.ts';
import { awkward, expectEqual, outcomesOf, RULES, symmetries } from './testing/rtn-outcomes.ts';

const gpu = await openDevice();
const pipeline = new RtnPipeline(gpu, { tileElements: 2 ** 16 });
afterAll(() => {
  pipeline[Symbol.dispose]();
  gpu[Symbol.dispose]();
});

const SHAPES = [
  [1, 1],
  [17, 3],
  [32, 4],
  [129, 5],
  [200, 37],
] as const;

function* specs(rule: QuantizeSpec['rule'], bits: 2 | 4 | 8): Generator<QuantizeSpec> {
  for (const [K, N] of SHAPES) {
    for (const transposed of [false, true]) {
      for (const symmetric of symmetries(rule, bits)) {
        const turn = K + N + Number(transposed) + Number(symmetric);
        const packing = (['blocks', 'rows', 'columns'] as const)[turn % 3] ?? 'blocks';
        const blockSize = ([16, 32, 'channel', 128] as const)[turn % 4] ?? 32;
        const scaleType = turn % 5 < 2 ? 'float16' : 'float32';
        yield {
          rule,
          bits,
          blockSize,
          symmetric,
          scaleType,
          K,
          N,
          transposed,
          packing,
          clip: true,
        };
      }
    }
  }
}

/** Some blocks have an outlier, which is what clipping is for. */
function withOutliers(length: number, seed: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(seed);
  return Float32Array.from(
    { length },
    () => random.normal() * (random.below(40) === 0 ? 8 : 1) * 0.02,
  );
}

test.each(RULES)('%s at %i bits chooses as the reference', async (rule, bits) => {
  const random = seededRandom(bits);
  const jobs = [...specs(rule, bits)].flatMap((spec) => [
    { weight: awkward(spec.K * spec.N, random), spec },
    { weight: withOutliers(spec.K * spec.N, spec.K), spec },
  ]);
  const outcomes = await outcomesOf(pipeline, jobs);
  let clipped = 0;
  for (const [i, { weight, spec }] of jobs.entries()) {
    const wanted = quantize(weight, spec);
    expectEqual(outcomes[i]?.quantized ?? null, wanted, weight.length);
    const { scales } = quantize(weight, { ...spec, clip: false });
    if (String(scales) !== String(wanted.scales)) clipped += 1;
  }
  // The grid of 8 bits is so fine that few blocks gain by a whole percent.
  expect(clipped).toBeGreaterThan(bits === 8 ? 0 : jobs.length / 4);
});

test('magnitudes from tiny to huge choose as the reference', async () => {
  const random = seededRandom(9);
  const weight = Float32Array.from({ length: 64 * 64 }, (_, i) => {
    const exponent = 2 * (i % 64) - (i < 2048 ? 150 : 2);
    return random.normal() * 2 ** exponent;
  });
  const base = { blockSize: 16, K: 64, N: 64, transposed: false, packing: 'blocks' } as const;
  const jobs = RULES.flatMap(([rule, bits]) =>
    symmetries(rule, bits).map((symmetric) => ({
      weight,
      spec: { ...base, rule, bits, symmetric, scaleType: 'float32', clip: true } as const,
    })),
  );
  const outcomes = await outcomesOf(pipeline, jobs);
  for (const [i, { spec }] of jobs.entries()) {
    const wanted = quantize(weight, spec);
    expect(outcomes[i]?.quantized?.scales).toEqual(wanted.scales);
    expect(outcomes[i]?.quantized?.zeroPoints).toEqual(wanted.zeroPoints);
    expect(outcomes[i]?.quantized?.codes).toEqual(wanted.codes);
  }
});

test('tiles under a lower binding limit give the same bytes', async () => {
  using tiled = new RtnPipeline(gpu, { maxTileBytes: 2 ** 13 });
  const jobs = [false, true].flatMap((transposed) =>
    ([32, 'channel'] as const).map((blockSize) => ({
      weight: withOutliers(330 * 20, 1),
      spec: {
        ...{ rule: 'gather', bits: 4, blockSize, symmetric: false, packing: 'blocks' },
        ...{ scaleType: 'float32', K: 330, N: 20, transposed, clip: true },
      } as QuantizeSpec,
    })),
  );
  const outcomes = await outcomesOf(tiled, jobs);
  for (const [i, { weight, spec }] of jobs.entries()) {
    expectEqual(outcomes[i]?.quantized ?? null, quantize(weight, spec), weight.length);
  }
});

test('a weight that is not finite fails once, whatever was tried on it', async () => {
  const weight = withOutliers(64 * 4, 2);
  weight[70] = Number.NaN;
  const spec = {
    ...{ rule: 'matmul-nbits', bits: 4, blockSize: 32, symmetric: true, packing: 'blocks' },
    ...{ scaleType: 'float16', K: 64, N: 4, transposed: false, clip: true },
  } as const satisfies QuantizeSpec;
  const [outcome] = await outcomesOf(pipeline, [{ weight, spec }]);
  expect(outcome?.failure?.message).toContain('1 values that are not finite');
});
