import { afterAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import { nearestCodes } from '../reference/block-codes.ts';
import { groupBounds, type HqqSpec, hqqZeros as hqqReference } from '../reference/hqq.ts';
import { hqqBlock } from '../reference/hqq-block.ts';
import { kQuantBlock } from '../reference/k-quant.ts';
import { hqqBlocks } from './hqq-blocks.ts';
import { hqqZeros } from './hqq-zeros.ts';
import { kQuantBlocks } from './k-quant-blocks.ts';
import { guarded, uploaded } from './testing/guarded-buffers.ts';

const gpu = await openDevice();
afterAll(() => gpu[Symbol.dispose]());

const SHAPES = [
  { rows: 1, rowLength: 16, groupSize: 16, bits: 4 },
  { rows: 37, rowLength: 100, groupSize: 32, bits: 4 },
  { rows: 5, rowLength: 77, groupSize: 77, bits: 2 },
  { rows: 70, rowLength: 256, groupSize: 64, bits: 8 },
] as const;

const draws = {
  normal: (random: ReturnType<typeof seededRandom>) => random.normal() * 0.05,
  'long tails': (random: ReturnType<typeof seededRandom>) => random.normal() ** 3,
  'above zero': (random: ReturnType<typeof seededRandom>) => 1 + random.normal() * 0.1,
} as const;

/** Σ|w − ŵ|^norm of levels that a scale and a zero point give, over all groups. */
function distance(
  weight: Float32Array,
  spec: HqqSpec,
  norm: number,
  blockOf: (group: number) => { readonly scale: number; readonly zeroPoint: number },
): number {
  const groups = (weight.length / spec.rowLength) * Math.ceil(spec.rowLength / spec.groupSize);
  let sum = 0;
  for (let g = 0; g < groups; g++) {
    const block = blockOf(g);
    const [start, end] = groupBounds(g, spec);
    const codes = new Uint8Array(end - start);
    nearestCodes(spec.bits, block, { values: weight, start, end }, codes, 0);
    codes.forEach((q, i) => {
      const stored = (q - block.zeroPoint) * block.scale;
      sum += Math.abs((weight[start + i] as number) - stored) ** norm;
    });
  }
  return sum;
}

describe.each(SHAPES)('$rows × $rowLength in groups of $groupSize, $bits bit', (shape) => {
  const { rows, rowLength, groupSize, bits } = shape;
  const groups = rows * Math.ceil(rowLength / groupSize);
  const spec: HqqSpec = { rowLength, groupSize, bits, roundZero: bits === 4, variant: 'hqq' };
  const params = { groups, rowLength, groupSize, bits };

  test.each(Object.entries(draws))('%s: zeros, blocks and k-quants', async (_, draw) => {
    const random = seededRandom(rows);
    const weight = Float32Array.from({ length: rows * rowLength }, () => draw(random));
    const wanted = hqqReference(weight, spec);
    const { iterations } = wanted;
    using source = uploaded(gpu, weight);
    using steps = guarded(gpu, 4 * groups);
    using zeros = guarded(gpu, 4 * groups * iterations);
    using errors = guarded(gpu, 4 * groups * iterations);
    using blocks = guarded(gpu, 8 * groups);
    const roundZero = Number(spec.roundZero);
    await gpu.run(
      hqqZeros,
      { weight: source, steps, zeros, errors },
      { ...params, roundZero, iterations },
    );
    const ownSteps = new Float32Array(await steps.read());
    const last = new Float32Array(await zeros.read()).slice(-groups);
    const own = distance(weight, spec, 1, (g) => ({
      scale: ownSteps[g] ?? 0,
      zeroPoint: last[g] ?? 0,
    }));
    const best = distance(weight, spec, 1, (g) => ({
      scale: wanted.steps[g] ?? 0,
      zeroPoint: wanted.zeros[g] ?? 0,
    }));
    expect(own).toBeLessThan(best * 1.005);
    const before = new Float32Array(await errors.read()).slice(0, groups);
    expect(before.every((error) => error >= 0 && Number.isFinite(error))).toBe(true);

    using lastZeros = uploaded(gpu, last);
    const tables = { weight: source, steps, zeros: lastZeros, blocks };
    await gpu.run(hqqBlocks, tables, params);
    const integers = new Float32Array(await blocks.read());
    const pair = (table: Float32Array) => (g: number) => ({
      scale: table[2 * g] ?? 0,
      zeroPoint: table[2 * g + 1] ?? 0,
    });
    const ownNorm = distance(weight, spec, 0.7, pair(integers));
    const wantedNorm = distance(weight, spec, 0.7, (g) =>
      hqqBlock(weight.subarray(...groupBounds(g, spec)), bits, {
        step: ownSteps[g] ?? 0,
        zero: last[g] ?? 0,
      }),
    );
    expect(Math.abs(ownNorm / wantedNorm - 1)).toBeLessThan(1e-3);

    using fitted = guarded(gpu, 8 * groups);
    await gpu.run(kQuantBlocks, { weight: source, blocks: fitted }, params);
    const kQuants = new Float32Array(await fitted.read());
    const ownSquares = distance(weight, spec, 2, pair(kQuants));
    const wantedSquares = distance(weight, spec, 2, (g) =>
      kQuantBlock(weight.subarray(...groupBounds(g, spec)), bits),
    );
    expect(Math.abs(ownSquares / wantedSquares - 1)).toBeLessThan(5e-3);
    const all = [...integers, ...kQuants];
    expect(all.every((x) => Number.isFinite(x) && x >= 0)).toBe(true);
  });
});

test('groups of zeros and of one value', async () => {
  const weight = new Float32Array(48).fill(0.25, 16, 32).fill(-0.25, 32);
  const params = { groups: 3, rowLength: 48, groupSize: 16, bits: 4 };
  using source = uploaded(gpu, weight);
  using blocks = guarded(gpu, 8 * 3);
  await gpu.run(kQuantBlocks, { weight: source, blocks }, params);
  expect([...new Float32Array(await blocks.read())]).toEqual([1, 0, 0.25, 0, -0.25, 0]);
});
