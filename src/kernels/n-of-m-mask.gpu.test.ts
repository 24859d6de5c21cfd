import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import { nOfMMask as reference } from '../reference/n-of-m-mask.ts';
import { nOfMMask } from './n-of-m-mask.ts';
import { guarded, uploaded } from './testing/guarded-buffers.ts';

const gpu = await openDevice();
afterAll(() => gpu[Symbol.dispose]());

async function maskOnGpu(
  weight: Float32Array<ArrayBuffer>,
  shape: { axisLength: number; inner: number },
  { n, m }: { n: number; m: number },
) {
  const count = weight.length;
  const words = Math.ceil(count / 32);
  using values = uploaded(gpu, weight);
  using mask = guarded(gpu, 4 * words);
  using partials = guarded(gpu, 16 * words);
  using faults = guarded(gpu, 4, 0);
  const params = { count, ...shape, keep: n, groupSize: m };
  await gpu.run(nOfMMask, { values, mask, partials, faults }, params);
  return {
    mask: new Uint8Array(await mask.read()).slice(0, Math.ceil(count / 8)),
    partials: new Float32Array(await partials.read()),
    nonFinite: new Uint32Array(await faults.read())[0],
  };
}

const SHAPES = [
  [1, 1, 1],
  [3, 17, 1],
  [1, 17, 5],
  [5, 64, 1],
  [1, 64, 33],
  [7, 6, 9], // a convolution [7, 6, 3, 3]
  [4, 1, 25], // depthwise: nothing to choose from
  [2, 130, 3],
  [3, 1001, 1], // more than a workgroup's, the last word ragged
  [1, 70, 65],
] as const;
const RULES = [
  { n: 2, m: 4 },
  { n: 4, m: 8 },
  { n: 1, m: 4 },
  { n: 7, m: 16 },
] as const;

test.each(SHAPES)('[%i, %i, %i]: the mask', async (outer, axisLength, inner) => {
  const random = seededRandom(outer * axisLength * inner);
  const length = outer * axisLength * inner;
  for (const draw of [() => random.normal(), () => (random.below(5) - 2) / 4]) {
    const weight = Float32Array.from({ length }, draw);
    for (const rule of RULES) {
      const own = await maskOnGpu(weight, { axisLength, inner }, rule);
      const wanted = reference(weight, { axisLength, inner }, rule);
      expect(own.mask).toEqual(wanted.mask);
      expect(own.nonFinite).toBe(0);
      const column = (k: number) => own.partials.filter((_, at) => at % 4 === k);
      expect(Math.max(...column(2))).toBe(wanted.errors.maxAbsError);
      const { sumSquares, sumSquaredError } = wanted.errors;
      expect(Math.abs(column(0).reduce((a, b) => a + b, 0) - sumSquares)).toBeLessThanOrEqual(
        sumSquares * 1e-5,
      );
      expect(Math.abs(column(1).reduce((a, b) => a + b, 0) - sumSquaredError)).toBeLessThanOrEqual(
        sumSquaredError * 1e-5,
      );
    }
  }
});

test('values that are not finite are counted and left alone', async () => {
  const weight = Float32Array.of(Number.NaN, 1, 2, 3, Infinity, 5, -Infinity, 7);
  const own = await maskOnGpu(weight, { axisLength: 8, inner: 1 }, { n: 2, m: 4 });
  expect(own.nonFinite).toBe(3);
  expect((own.mask[0] as number) & 0b01010001).toBe(0);
});
