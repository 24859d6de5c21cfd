import { expect, test } from 'vitest';
import {
  awqRoundTrip,
  awqScales,
  blockShare,
  scaledError,
  searchAwqClips,
  searchAwqScales,
} from './awq.ts';
import { columnMaxima, smoothScales } from './smooth-scales.ts';
import { float32Of, float64Of, goldenCases } from './testing/golden.ts';

/** XᵀX in float64. `x` — [rows, K] */
function gramOf(x: Float32Array, K: number): Float64Array {
  const gram = new Float64Array(K * K);
  for (let row = 0; row < x.length; row += K) {
    for (let i = 0; i < K; i++) {
      for (let j = 0; j < K; j++) gram[i * K + j]! += x[row + i]! * x[row + j]!;
    }
  }
  return gram;
}

interface Variant {
  readonly bits: number;
  readonly group: number;
  readonly zero_point: boolean;
  readonly duo_scaling: boolean;
  readonly bestRatio: number;
  readonly mse: number;
  readonly mseByRatio: readonly number[];
  readonly scales: string;
}

test.each(goldenCases('awq', 'layer_'))('$name: ratio, scales and errors of AWQ', (golden) => {
  const { arrays } = golden;
  const weight = float32Of(arrays['weight']!);
  const x = float32Of(arrays['x']!);
  const [N = 0, K = 0] = arrays['weight']!.shape;
  const tokens = x.length / K;
  const gram = gramOf(x, K);
  const meanAbs = float64Of(arrays['xMean']!);
  for (const variant of golden.expect.variants as unknown as readonly Variant[]) {
    const grid = {
      bits: variant.bits,
      blockSize: variant.group,
      symmetric: !variant.zero_point,
    };
    const share = variant.duo_scaling ? blockShare(weight, K, variant.group) : null;
    const roundTrip = (values: Float64Array) => awqRoundTrip(values, grid);
    const own = searchAwqScales(weight, meanAbs, share, gram, roundTrip);
    const mse = own.errors.map((error) => error / (tokens * N));
    const chosen = mse[Math.round(own.ratio * 20)]!;
    if (own.ratio !== variant.bestRatio) expect(chosen / variant.mse).toBeLessThan(1.02);
    for (const [k, expected] of variant.mseByRatio.entries()) {
      expect(Math.abs(mse[k]! / expected - 1)).toBeLessThan(0.02);
    }
    const scales = awqScales(meanAbs, share, variant.bestRatio);
    for (const [k, expected] of float64Of(arrays[variant.scales]!).entries()) {
      expect(Math.abs(scales[k]! / expected - 1)).toBeLessThan(1e-4);
    }
    expect(scaledError(weight, own.scales, gram, roundTrip) / (tokens * N)).toBeCloseTo(chosen, 12);
  }
});

test.each(goldenCases('awq', 'clip_'))('$name: the clips of AWQ', ({ arrays, params }) => {
  const weight = float32Of(arrays['weight']!);
  const x = float32Of(arrays['x']!);
  const [, K = 0] = arrays['weight']!.shape;
  const tokens = x.length / K;
  const grid = { bits: params['bits'] as number, blockSize: params['group'] as number };
  const own = searchAwqClips(weight, gramOf(x, K), K, { ...grid, symmetric: false });
  const limits = float64Of(arrays['bestMax']!);
  const same = own.limits.filter((limit, i) => Math.abs(limit / limits[i]! - 1) < 1e-5);
  expect(same.length / limits.length).toBeGreaterThanOrEqual(0.95);
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  expect(sum(own.errors) / tokens / sum(float64Of(arrays['bestMse']!))).toBeLessThan(1.03);
});

test.each(goldenCases('smoothquant', ''))('$name: the scales of SmoothQuant', (golden) => {
  const { arrays } = golden;
  const [, K = 0] = arrays['x']!.shape;
  const inputMax = columnMaxima(float32Of(arrays['x']!), K);
  const [first, second] = ['w1', 'w2'].map((name) => columnMaxima(float32Of(arrays[name]!), K));
  const weightMax = first!.map((most, k) => Math.max(most, second![k]!));
  for (const { alpha, scales } of golden.expect.variants!) {
    const own = smoothScales(inputMax, weightMax, alpha as number);
    for (const [k, expected] of float64Of(arrays[scales as string]!).entries()) {
      expect(Math.abs(own[k]! / expected - 1)).toBeLessThan(1e-5);
    }
  }
});

test('an input that is never active has scale 1 at most', () => {
  const scales = awqScales([0, 0, 0], null, 0.5);
  expect([...scales]).toEqual([1, 1, 1]);
});
