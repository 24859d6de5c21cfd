import { expect, test } from 'vitest';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { seededRandom } from '../core/random.ts';
import type { InputStatistics } from '../model/statistics.ts';
import { dequantize } from '../reference/dequantize.ts';
import { quantize } from '../reference/quantize.ts';
import { float32Of, goldenCases } from '../reference/testing/golden.ts';
import { clipByOutput } from './awq-clips.ts';
import { CpuAwq } from './awq-device.ts';
import { searchInputScales, timesColumns } from './awq-scales.ts';
import { layerError } from './layer-error.ts';
import { roundRows } from './rounded-rows.ts';

const { signal } = new AbortController();
const awq = new CpuAwq();

const specOf = (K: number, N: number, rest: Partial<QuantizeSpec> = {}): QuantizeSpec => ({
  ...{ rule: 'matmul-nbits', bits: 4, blockSize: 32, symmetric: false, scaleType: 'float32' },
  ...{ K, N, transposed: true, packing: 'blocks' },
  ...rest,
});

function statisticsOf(x: Float32Array, K: number) {
  const gram = new Float32Array(K * K);
  const sums = { sum: new Float64Array(K), sumAbs: new Float64Array(K) };
  for (let row = 0; row < x.length; row += K) {
    for (let i = 0; i < K; i++) {
      sums.sumAbs[i] = (sums.sumAbs[i] ?? 0) + Math.abs(x[row + i] ?? 0);
      for (let j = 0; j < K; j++) {
        gram[i * K + j] = (gram[i * K + j] ?? 0) + (x[row + i] ?? 0) * (x[row + j] ?? 0);
      }
    }
  }
  return {
    ...{ ...sums, K, gram, count: x.length / K, rows: 1, sumSquares: new Float64Array(K) },
    ...{ min: new Float32Array(K), max: new Float32Array(K) },
  } satisfies InputStatistics;
}

const golden = goldenCases('awq', 'layer_64x128_mild')[0];
if (!golden?.arrays['weight'] || !golden.arrays['x']) throw new Error('the golden layer is there');
const weight = float32Of(golden.arrays['weight']);
const [N = 0, K = 0] = golden.arrays['weight'].shape;
const seen = statisticsOf(float32Of(golden.arrays['x']), K);

const differences = (a: Float32Array, b: Float32Array) => a.map((value, i) => value - (b[i] ?? 0));

test.each([
  ['asymmetric', {}],
  ['symmetric, 16-bit scales', { symmetric: true, scaleType: 'float16' }],
  ['ragged blocks', { blockSize: 48 }],
  ['embedding rows', { rule: 'gather', blockSize: 16 }],
  ['embedding rows, symmetric', { rule: 'gather', symmetric: true }],
  ['by channel, int8 rule', { blockSize: 'channel', bits: 8, rule: 'int8', symmetric: true }],
] as const)('rows are rounded as the reference stores them: %s', (_, rest) => {
  const spec = specOf(K, N, rest);
  const own = new Float32Array(weight.length);
  roundRows(weight, spec, own);
  expect([...own]).toEqual([...dequantize(quantize(weight, spec), spec)]);
});

test('the error of a layer is that of its outputs', () => {
  const random = seededRandom(3);
  const rows = Float32Array.from({ length: 7 * K }, () => random.normal());
  let expected = 0;
  for (let row = 0; row < rows.length; row += K) {
    for (let i = 0; i < K; i++) {
      for (let j = 0; j < K; j++) {
        expected += (rows[row + i] ?? 0) * (seen.gram[i * K + j] ?? 0) * (rows[row + j] ?? 0);
      }
    }
  }
  expect(layerError(rows, seen.gram, K) / expected).toBeCloseTo(1, 5);
});

test('scales of one input for two weights take from the error of their outputs', async () => {
  const second = weight.slice(0, (N / 2) * K).map((w, i) => w * (i % 3));
  const weights = [
    { values: weight, spec: specOf(K, N) },
    { values: second, spec: specOf(K, N / 2, { symmetric: true }) },
  ];
  const found = await searchInputScales(weights, seen, awq, signal);
  let [plain, scaled] = [0, 0];
  for (const { values, spec } of weights) {
    const rounded = new Float32Array(values.length);
    roundRows(values, spec, rounded);
    plain += layerError(differences(rounded, values), seen.gram, K);
    roundRows(timesColumns(values, found.scales), spec, rounded);
    const restored = timesColumns(
      rounded,
      found.scales.map((s) => 1 / s),
    );
    scaled += layerError(differences(restored, values), seen.gram, K);
  }
  expect(found.ratio).toBeGreaterThan(0);
  expect(found.errorShare).toBeCloseTo(scaled / plain, 3);
  expect(found.errorShare).toBeLessThan(0.75);
});

test('inputs that are all alike, never active or not finite keep plain rounding', async () => {
  const weights = [{ values: weight, spec: specOf(K, N) }];
  const dead = { ...seen, sumAbs: new Float64Array(K) };
  const broken = { ...seen, gram: seen.gram.map((h, i) => (i === 5 ? Number.NaN : h)) };
  for (const statistics of [dead, broken]) {
    const found = await searchInputScales(weights, statistics, awq, signal);
    expect(found.ratio).toBeNull();
    expect(found.scales.every((scale) => scale === 1)).toBe(true);
  }
});

test('clipping by the output takes from the error that rounding makes there', async () => {
  const spec = specOf(K, N, { bits: 2, blockSize: 64 });
  const errorOf = (values: Float32Array) => {
    const rounded = new Float32Array(values.length);
    roundRows(values, spec, rounded);
    return layerError(differences(rounded, weight), seen.gram, K);
  };
  const clipped = weight.slice();
  await clipByOutput(clipped, spec, seen.gram, signal);
  expect(errorOf(clipped)).toBeLessThan(0.97 * errorOf(weight));
});
