import { afterAll, expect, test } from 'vitest';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { seededRandom } from '../core/random.ts';
import { grid1d } from '../gpu/grid.ts';
import { openDevice } from '../gpu/open-device.ts';
import { quantize } from '../reference/quantize.ts';
import { blockParameters } from './block-parameters.ts';
import { blockRanges, blockRangesTransposed } from './block-ranges.ts';
import { codesInvocations, quantizeCodes } from './quantize-codes.ts';
import { sumPartials } from './sum-partials.ts';
import { guarded, uploaded } from './testing/guarded-buffers.ts';

const gpu = await openDevice();
afterAll(() => gpu[Symbol.dispose]());

const CASES = ([2, 4, 8] as const).flatMap((bits) =>
  [false, true].flatMap((transposed) =>
    [false, true].map((acrossColumns) => [bits, transposed, acrossColumns] as const),
  ),
);

test.each(CASES)(
  '%i bits, transposed %s, across columns %s: writes its output and nothing else',
  async (bits, transposed, acrossColumns) => {
    const [rows, columns, blockSize] = [96, 20, 48];
    const packing = acrossColumns ? 'columns' : 'blocks';
    const spec = {
      ...{ rule: 'gather', bits, blockSize, symmetric: false, scaleType: 'float16' },
      ...{ K: rows, N: columns, transposed, packing },
    } as const satisfies QuantizeSpec;
    const random = seededRandom(bits);
    const weight = Float32Array.from({ length: rows * columns }, () => random.normal());
    const wanted = quantize(weight, spec);
    const variant = { bits, divides: true, transposed, acrossColumns };
    const count = columns * (rows / blockSize);

    using source = uploaded(gpu, weight);
    using ranges = guarded(gpu, 8 * count, 0);
    using blocks = guarded(gpu, 16 * count);
    using scales = guarded(gpu, 2 * count, 0);
    using zeroPoints = guarded(gpu, count, 0);
    using faults = guarded(gpu, 8, 0);
    using codes = guarded(gpu, (rows * columns * bits) / 8);
    using partials = guarded(gpu, 16 * codesInvocations(variant, rows, columns));
    const strides = acrossColumns
      ? { columnStride: 1, blockStride: columns }
      : { columnStride: rows / blockSize, blockStride: 1 };
    const shape = { rows, columns, blockSize, ...strides };
    const rangesKernel = transposed ? blockRangesTransposed : blockRanges;
    await gpu.run(rangesKernel, { weight: source, ranges }, shape);
    await gpu.run(blockParameters(spec), { ranges, blocks, scales, zeroPoints, faults }, { count });
    await gpu.run(
      quantizeCodes(variant),
      { weight: source, blocks, codes, partials },
      { ...shape, validRows: rows, zero: 0 },
    );

    expect(new Uint8Array(await codes.read())).toEqual(wanted.codes);
    expect(new Uint8Array(await scales.read())).toEqual(wanted.scales);
    expect([...new Uint32Array(await faults.read())]).toEqual([0, 0]);
    await Promise.all([ranges.read(), blocks.read(), zeroPoints.read()]);
    const sums = new Float32Array(await partials.read());
    expect(Math.max(...sums.filter((_, i) => i % 4 === 2))).toBe(wanted.errors.maxAbsError);
  },
);

test('a dispatch past 65,535 workgroups reaches its last invocation', async () => {
  const groups = 65_536 * 64 + 1;
  expect(grid1d(groups, 64)[1]).toBe(2);
  using partials = uploaded(gpu, Float32Array.of(3, 2, 1, 0));
  using sums = guarded(gpu, 16 * groups);
  await gpu.run(sumPartials, { partials, sums }, { count: 1, groups });
  const found = new Float32Array(await sums.read());
  expect([0, 1, groups - 65, groups - 1].map((group) => found[4 * group])).toEqual([3, 0, 0, 0]);
});
