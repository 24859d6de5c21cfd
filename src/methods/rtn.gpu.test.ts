import { afterAll, expect, test } from 'vitest';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import { quantize } from '../reference/quantize.ts';
import {
  channelCases,
  gatherCases,
  int8Cases,
  nbitsCases,
  type QuantizeCase,
} from '../reference/testing/golden.ts';
import { RtnPipeline } from './rtn.ts';
import { awkward, expectEqual, outcomesOf, RULES, symmetries } from './testing/rtn-outcomes.ts';

const gpu = await openDevice();
const pipeline = new RtnPipeline(gpu, { tileElements: 2 ** 18 });
afterAll(() => {
  pipeline[Symbol.dispose]();
  gpu[Symbol.dispose]();
});

const golden: readonly QuantizeCase[] = [
  ...nbitsCases(),
  ...channelCases(),
  ...gatherCases(),
  ...int8Cases().filter(({ reducedRange }) => !reducedRange),
];

test('every golden case, byte for byte', async () => {
  const outcomes = await outcomesOf(pipeline, golden);
  expect(outcomes.length).toBe(golden.length);
  const wrong = golden.flatMap(({ name, codes, scales, zeroPoints }, i) => {
    const own = outcomes[i]?.quantized;
    const same = [
      [own?.scales, scales],
      [own?.zeroPoints, zeroPoints],
      [own?.codes, codes],
    ].every(([a, b]) => String(a) === String(b));
    return same ? [] : [name];
  });
  expect(wrong).toEqual([]);
});

const SHAPES = [
  [1, 1],
  [3, 17],
  [17, 3],
  [32, 4],
  [129, 5],
  [96, 129],
  [520, 12],
] as const;

function* specs(rule: QuantizeSpec['rule'], bits: 2 | 4 | 8): Generator<QuantizeSpec> {
  for (const [K, N] of SHAPES) {
    for (const packing of ['blocks', 'rows', 'columns'] as const) {
      for (const transposed of [false, true]) {
        for (const symmetric of symmetries(rule, bits)) {
          const turn = K + N + Number(transposed) + Number(symmetric);
          const blockSize = ([16, 32, 'channel', 256] as const)[turn % 4] ?? 32;
          const scaleType = turn % 3 === 0 ? 'float16' : 'float32';
          yield { rule, bits, blockSize, symmetric, scaleType, K, N, transposed, packing };
        }
      }
    }
  }
}

test.each(RULES)('%s at %i bits is the reference on ragged shapes', async (rule, bits) => {
  const random = seededRandom(bits);
  const jobs = [...specs(rule, bits)].map((spec) => ({
    weight: awkward(spec.K * spec.N, random),
    spec,
  }));
  const outcomes = await outcomesOf(pipeline, jobs);
  for (const [i, { weight, spec }] of jobs.entries()) {
    expectEqual(outcomes[i]?.quantized ?? null, quantize(weight, spec), weight.length);
  }
});

test.each(RULES)('%s at %i bits is exact where values are tiny or huge', async (rule, bits) => {
  const random = seededRandom(100 + bits);
  const base = { rule, bits, blockSize: 16, K: 64, N: 64, transposed: false } as const;
  const jobs = symmetries(rule, bits).map((symmetric) => {
    const weight = Float32Array.from({ length: 64 * 64 }, (_, i) => {
      const exponent = 2 * (i % 64) - (i < 2048 ? 150 : 2);
      return random.normal() * 2 ** exponent;
    });
    return {
      weight,
      spec: { ...base, symmetric, scaleType: 'float32', packing: 'blocks' } as const,
    };
  });
  const outcomes = await outcomesOf(pipeline, jobs);
  for (const [i, { weight, spec }] of jobs.entries()) {
    const wanted = quantize(weight, spec);
    const own = outcomes[i]?.quantized;
    expect(own?.scales).toEqual(wanted.scales);
    expect(own?.zeroPoints).toEqual(wanted.zeroPoints);
    expect(own?.codes).toEqual(wanted.codes);
  }
});

test('int8 zero points follow float64 rounding wherever the exact value is a tie', async () => {
  const random = seededRandom(7);
  const N = 20_000;
  const weight = new Float32Array(2 * N);
  for (let n = 0; n < N; n++) {
    // A range of 510 / part units: its 255th part is exact in float64 only for part 1.
    const part = [1, 3, 5, 15, 17, 51, 85, 255][n % 8] as number;
    const whole = 510 / part;
    const odd = 2 * random.below(whole / 2) + 1;
    const unit = random.below(2 ** 14) + 1;
    const exponent = random.below(100) - 60;
    weight[n] = -odd * unit * 2 ** exponent;
    weight[N + n] = (whole - odd) * unit * 2 ** exponent;
  }
  const spec = {
    ...{ rule: 'int8', bits: 8, blockSize: 'channel', symmetric: false, scaleType: 'float32' },
    ...{ K: 2, N, transposed: false, packing: 'columns' },
  } as const satisfies QuantizeSpec;
  const [outcome] = await outcomesOf(pipeline, [{ weight, spec }]);
  const wanted = quantize(weight, spec);
  expect(outcome?.quantized?.zeroPoints).toEqual(wanted.zeroPoints);
  expect(outcome?.quantized?.codes).toEqual(wanted.codes);
  // The case is not empty: rounding the exact tie to even would often be wrong.
  const ties = [...weight.subarray(0, N)].map((w) => -w);
  const naive = ties.filter((low, n) => {
    const x = (low * 255) / (low + (weight[N + n] as number));
    return Math.floor(x) + (Math.floor(x) & 1) !== (wanted.zeroPoints?.[n] as number);
  });
  expect(naive.length).toBeGreaterThan(N / 20);
});
