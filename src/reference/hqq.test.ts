import { expect, test } from 'vitest';
import { type HqqSpec, hqqZeros } from './hqq.ts';
import { roundHalfEven } from './round.ts';
import { float32Of, goldenCases } from './testing/golden.ts';

/** Mean |w − ŵ| of what the zeros stand for, over the first `K` of every `stride` values. */
function meanAbsError(groups: Float32Array, spec: HqqSpec, stride = 1, K = 1): number {
  const { steps, zeros } = hqqZeros(groups, spec);
  const top = 2 ** spec.bits - 1;
  const sum = groups.reduce((total, w, i) => {
    if (i % stride >= K) return total;
    const g = Math.floor(i / spec.groupSize);
    const q = Math.min(Math.max(roundHalfEven(w / steps[g]! + zeros[g]!), 0), top);
    return total + Math.abs(w - (q - zeros[g]!) * steps[g]!);
  }, 0);
  return (sum / groups.length) * (stride / K);
}

/** [rows, columns] → [columns, rows]. */
const turned = (values: Float32Array, rows: number, columns: number) =>
  Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);

const variants = goldenCases('hqq', '').flatMap(({ name, arrays, expect: { variants = [] } }) =>
  variants.map((variant) => ({ name, arrays, variant })),
);

test.each(variants)(
  '$name: $variant.bits bit, group $variant.group, axis $variant.axis of hqq',
  ({ arrays, variant }) => {
    const weight = float32Of(arrays['weight']!);
    const groupSize = variant['group'] as number;
    const groups =
      variant['axis'] === 1 ? weight : turned(weight, groupSize, weight.length / groupSize);
    const roundZero = Boolean(variant['round_zero']);
    const spec = {
      ...{ bits: variant['bits'] as number, rowLength: groupSize, groupSize, roundZero },
      variant: 'hqq',
    } as const;
    expect(meanAbsError(groups, spec)).toBeLessThanOrEqual(
      1.02 * (variant['meanAbsError'] as number),
    );
  },
);

test.each(goldenCases('nbits', 'hqq_'))(
  "$name: as near as ONNX Runtime's",
  ({ params, arrays, expect: { meanAbsError: wanted } }) => {
    const [K, N, groupSize] = [params['K'], params['N'], params['block_size']] as [
      number,
      number,
      number,
    ];
    const rows = turned(float32Of(arrays['weight']!), K, N);
    // The tool fills up a ragged last block with zeros before it looks at its range.
    const padded = Math.ceil(K / groupSize) * groupSize;
    const groups = new Float32Array(N * padded);
    for (let n = 0; n < N; n++) groups.set(rows.subarray(n * K, (n + 1) * K), n * padded);
    const spec = {
      ...{ bits: params['bits'] as number, rowLength: groupSize, groupSize, roundZero: true },
      variant: 'onnxruntime',
    } as const;
    const own = meanAbsError(groups, spec, padded, K);
    expect(own).toBeLessThanOrEqual(1.02 * (wanted as number));
  },
);

test('a group of one value keeps it', () => {
  const spec = {
    ...{ bits: 4, rowLength: 16, groupSize: 16, roundZero: true },
    variant: 'hqq',
  } as const;
  expect(meanAbsError(new Float32Array(16), spec)).toBe(0);
});
