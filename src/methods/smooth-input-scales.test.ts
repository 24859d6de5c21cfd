import { expect, test } from 'vitest';
import type { InputStatistics } from '../model/statistics.ts';
import { float32Of, goldenCases } from '../reference/testing/golden.ts';
import { smoothInputScales } from './smooth-input-scales.ts';

const [golden] = goldenCases('smoothquant', '');
const { x: inputs, w1, w2 } = golden?.arrays ?? {};
if (!golden || !inputs || !w1 || !w2) throw new Error('the golden layer is there');
const K = inputs.shape[1] ?? 0;
const x = float32Of(inputs);

function statisticsOf(values: Float32Array): InputStatistics {
  const columns = Array.from({ length: K }, (_, k) => values.filter((_, i) => i % K === k));
  const sums = (of: (value: number) => number) =>
    Float64Array.from(columns, (column) => column.reduce((sum, value) => sum + of(value), 0));
  return {
    ...{ K, count: values.length / K, rows: 1, gram: null },
    ...{ sum: sums((v) => v), sumAbs: sums(Math.abs), sumSquares: sums((v) => v * v) },
    min: Float32Array.from(columns, (column) => Math.min(...column)),
    max: Float32Array.from(columns, (column) => Math.max(...column)),
  };
}

test('where one input is an outlier the noise expected goes the way of the error measured', () => {
  for (const variant of golden.expect.variants ?? []) {
    const alpha = variant['alpha'] as number;
    const { scales, noiseShare } = smoothInputScales([float32Of(w1)], statisticsOf(x), alpha);
    const measured =
      (variant['w8a8RelErrorSmoothed'] as number) / (variant['w8a8RelErrorPlain'] as number);
    expect(noiseShare).toBeLessThan(1);
    expect(Math.abs(Math.log(noiseShare / measured))).toBeLessThan(Math.log(3));
    expect(scales[11]).toBe(1); // never active
    expect(scales[7]).toBeGreaterThan(1); // the outlier
  }
});

test('where strong inputs have strong weights nothing is smoothed, as those would lose more', () => {
  const strong = (i: number, factor: number) => (i % K === 3 ? factor : 1);
  const given = Float32Array.from({ length: 64 * K }, (_, i) => Math.sin(i * i) * strong(i, 2));
  const weight = float32Of(w1).map((w, i) => Math.sign(w) * 0.05 * strong(i, 60));
  const { scales, noiseShare } = smoothInputScales([weight], statisticsOf(given), 1);
  expect(noiseShare).toBeGreaterThan(1);
  expect(scales.every((scale) => scale === 1)).toBe(true);
});
