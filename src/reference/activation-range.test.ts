import { expect, test } from 'vitest';
import { binEdges, countValues } from '../core/value-histogram.ts';
import {
  type ActivationRange,
  entropyRange,
  percentileOfMagnitudes,
  percentileOfValues,
  squaredErrorRange,
} from './activation-range.ts';
import { int8Parameters, quantizeLinear } from './static-int8.ts';
import { float32Of, goldenCases } from './testing/golden.ts';

interface Variant {
  readonly method: 'MinMax' | 'Entropy' | 'Percentile';
  readonly options: {
    readonly symmetric?: boolean;
    readonly moving_average?: boolean;
    readonly percentile?: number;
    readonly num_quantized_bins?: number;
  };
  readonly rmin: number;
  readonly rmax: number;
  readonly histogram?: string;
  readonly histogramBins?: number;
  readonly params: Readonly<
    Record<string, { readonly scale: number; readonly zero_point: number }>
  >;
}

const TYPES = {
  int8_sym: { signed: true, symmetric: true },
  int8_asym: { signed: true, symmetric: false },
  uint8_asym: { signed: false, symmetric: false },
  uint8_sym: { signed: false, symmetric: true },
} as const;

const join = (batches: readonly Float32Array[]) =>
  Float32Array.from(batches.flatMap((batch) => [...batch]));

const seenIn = (values: Float32Array): ActivationRange => ({
  min: Math.min(...values),
  max: Math.max(...values),
});

function histogramOf(values: Float32Array, low: number, high: number, bins: number) {
  const edges = binEdges(low, high, bins);
  const counts = new Float64Array(bins);
  countValues(values, edges, counts);
  return { counts, edges };
}

test.each(goldenCases('int8', 'calib_'))('$name: the ranges of the calibrators', (golden) => {
  const { arrays } = golden;
  const batches = Object.keys(arrays)
    .filter((name) => name.startsWith('batch'))
    .map((name) => float32Of(arrays[name]!));
  const values = join(batches);
  const seen = seenIn(values);
  const reach = Math.max(-seen.min, seen.max);
  for (const variant of golden.expect.variants as unknown as readonly Variant[]) {
    const { method, options, histogram: name, histogramBins: bins = 0 } = variant;
    let own: ActivationRange;
    let step = 0;
    if (method === 'MinMax') {
      const mean = (of: (range: ActivationRange) => number) =>
        batches.reduce((sum, batch) => sum + of(seenIn(batch)), 0) / batches.length;
      own = options.moving_average
        ? { min: mean(({ min }) => min), max: mean(({ max }) => max) }
        : seen;
      if (options.symmetric) own = { min: -reach, max: reach };
    } else {
      const ofMagnitudes = method === 'Percentile' && options.symmetric !== false;
      const magnitudes = values.map(Math.abs);
      const range = seenIn(magnitudes);
      const histogram = ofMagnitudes
        ? histogramOf(magnitudes, range.min, range.max, bins)
        : histogramOf(values, -reach, reach, bins);
      step = histogram.edges[1]! - histogram.edges[0]!;
      const counts = Array.from(new BigInt64Array(arrays[name!]!.bytes.buffer), Number);
      // An edge that is off by an ulp moves the values that lie on it.
      const moved = counts.reduce((sum, n, i) => sum + Math.abs(n - histogram.counts[i]!), 0);
      expect(moved).toBeLessThanOrEqual(2);
      const { percentile = 99.999, num_quantized_bins: levels = 128 } = options;
      own =
        method === 'Entropy'
          ? entropyRange(histogram, levels, seen)
          : ofMagnitudes
            ? percentileOfMagnitudes(histogram, percentile, seen)
            : percentileOfValues(histogram, percentile, seen);
    }
    const near = (value: number, expected: number) =>
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(
        Math.max(1e-6 * Math.abs(expected), step * 1.001),
      );
    near(own.min, variant.rmin);
    near(own.max, variant.rmax);
    for (const [type, expected] of Object.entries(variant.params)) {
      const made = int8Parameters(variant.rmin, variant.rmax, TYPES[type as keyof typeof TYPES]);
      expect(Math.abs(made.scale / expected.scale - 1)).toBeLessThanOrEqual(1e-6);
      expect(made.zeroPoint).toBe(expected.zero_point);
    }
  }
});

test('the range of least squared error lets a lone outlier saturate, and keeps a full range', () => {
  const values = Float32Array.from({ length: 4000 }, (_, i) => Math.sin(i * 12.9898));
  const type = { signed: false, symmetric: false };
  const roundTrip = (range: ActivationRange) => {
    const parameters = int8Parameters(range.min, range.max, type);
    return (x: number) =>
      (quantizeLinear(x, parameters, false) - parameters.zeroPoint) * parameters.scale;
  };
  const rangeOf = (all: Float32Array) => {
    const seen = seenIn(all);
    const reach = Math.max(-seen.min, seen.max);
    return squaredErrorRange(histogramOf(all, -reach, reach, 2048), seen, roundTrip);
  };
  expect(rangeOf(values).max).toBeGreaterThan(0.97);
  expect(rangeOf(join([values, Float32Array.of(12)])).max).toBeLessThan(12);
});
