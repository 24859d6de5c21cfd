import { afterAll, describe, expect, test } from 'vitest';
import { float16Bits, float16Value } from '../core/float16.ts';
import { type QuantizeSpec, quantizedLayout } from '../core/quantize-spec.ts';
import { seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import { largestError, squaredError, squaresOf } from '../reference/block-codes.ts';
import { SolvedBlocks } from '../reference/integer-blocks.ts';
import { kQuantBlock } from '../reference/k-quant.ts';
import { unpackCodes, unpackZeroPoints } from '../reference/packing.ts';
import { quantize } from '../reference/quantize.ts';
import { blockParameters } from './block-parameters.ts';
import { groupRanges } from './group-ranges.ts';
import { settleBlocks } from './settle-blocks.ts';
import { guarded, uploaded } from './testing/guarded-buffers.ts';

const gpu = await openDevice();
afterAll(() => gpu[Symbol.dispose]());

const specOf = (N: number, K: number, spec: Partial<QuantizeSpec>): QuantizeSpec => ({
  ...{ rule: 'matmul-nbits', bits: 4, blockSize: 32, symmetric: false, scaleType: 'float16' },
  ...{ K, N, transposed: true, packing: 'rows', ...spec },
});

const SPECS = [
  specOf(1, 16, { blockSize: 16 }),
  specOf(37, 100, {}),
  specOf(37, 77, { bits: 2, blockSize: 16, scaleType: 'float32' }),
  specOf(5, 77, { bits: 8, blockSize: 'channel' }),
  specOf(70, 64, { bits: 8, blockSize: 64, scaleType: 'float32' }),
  specOf(3, 2050, { blockSize: 'channel', scaleType: 'float32' }),
  specOf(9, 77, { rule: 'gather', bits: 2 }),
  specOf(37, 100, { rule: 'gather', scaleType: 'float32' }),
  specOf(13, 99, { rule: 'gather', bits: 8, blockSize: 64 }),
  specOf(41, 100, { rule: 'int8', bits: 8, blockSize: 16, scaleType: 'float32' }),
  specOf(3, 1033, { rule: 'int8', bits: 8, blockSize: 'channel' }),
];

/** Float32 scale and whole zero point of a block. */
type Solver = (values: Float32Array, block: number) => { scale: number; zeroPoint: number };

/** Runs the kernel and what it needs over a whole weight, into guarded buffers. */
async function settled(weight: Float32Array<ArrayBuffer>, spec: QuantizeSpec, solve: Solver) {
  const { K, N } = spec;
  const { blockSize: groupSize, blockCount } = quantizedLayout(spec);
  const groups = N * blockCount;
  const shape = { groups, rowLength: K, groupSize };
  const reference = new SolvedBlocks(weight, spec);
  const pairs = new Float32Array(2 * groups);
  for (let g = 0; g < groups; g++) {
    const { start, end } = reference.block(g);
    const { scale, zeroPoint } = solve(weight.subarray(start, end), g);
    pairs.set([scale, zeroPoint], 2 * g);
    reference.settle(g, { scale: Math.fround(scale), zeroPoint });
  }
  // What follows the last row is no part of it.
  const padded = new Float32Array(4 * Math.ceil(weight.length / 4)).fill(1e9);
  padded.set(weight);
  using source = uploaded(gpu, padded);
  using found = uploaded(gpu, pairs);
  using ranges = guarded(gpu, 8 * groups);
  using blocks = guarded(gpu, 16 * groups);
  using scales = guarded(gpu, 4 * groups, 0);
  using zeroPoints = guarded(gpu, 4 * Math.ceil(groups / 4), 0);
  using faults = guarded(gpu, 8, 0);
  using codes = guarded(gpu, padded.length, 0);
  using kept = guarded(gpu, 8 * groups);
  using errors = guarded(gpu, 16 * groups);
  await gpu.run(groupRanges, { weight: source, ranges }, shape);
  const parameters = { ranges, blocks, scales, zeroPoints, faults };
  await gpu.run(blockParameters(spec), parameters, { count: groups });
  const divides = spec.rule !== 'matmul-nbits';
  const buffers = { weight: source, found, blocks, codes, kept, errors };
  await gpu.run(settleBlocks({ ...spec, divides }), buffers, { ...shape, zero: 0 });
  await ranges.read();
  const own = {
    codes: new Uint8Array(await codes.read()),
    kept: new Uint32Array(await kept.read()),
    errors: new Float32Array(await errors.read()),
  };
  const scaleBits = own.kept.filter((_, i) => i % 2 === 0);
  return {
    ...{ own, reference, wanted: reference.finish(), scales: new Float32Array(scaleBits.buffer) },
    zeroPoints: own.kept.filter((_, i) => i % 2 === 1),
    isSolved: (group: number) => own.errors[4 * group + 3] === 1,
  };
}

const title = ({ N, K, rule, bits, blockSize, scaleType }: QuantizeSpec) =>
  `${N} × ${K}, ${rule}, ${bits} bit, blocks of ${blockSize}, ${scaleType}`;

describe.each(SPECS.map((spec) => [title(spec), spec] as const))('%s', (_, spec) => {
  const { K, N, bits } = spec;
  const random = seededRandom(N);
  const draws = {
    normal: () => random.normal() * 0.05,
    'long tails': () => random.normal() ** 3,
    'above zero': () => 1 + random.normal() * 0.1,
    zeros: () => 0,
  };

  test.each(Object.entries(draws))('%s: the better of the two', async (name, draw) => {
    const weight = Float32Array.from({ length: N * K }, draw);
    const plain = quantize(weight, spec);
    const plainCodes = unpackCodes(plain.codes, spec);
    const result = await settled(weight, spec, (values) => kQuantBlock(values, bits));
    const { own, reference, wanted, scales, zeroPoints } = result;

    let sum = 0;
    for (let g = 0; g < reference.count; g++) {
      const block = reference.block(g);
      const levels = { scale: scales[g] ?? 0, zeroPoint: zeroPoints[g] ?? 0 };
      const [squares = 0, error = 0, largest = 0] = own.errors.subarray(4 * g);
      // What the kernel says of its codes is so.
      const trueError = squaredError(levels, block, own.codes, block.start);
      expect(Math.abs(error - trueError)).toBeLessThanOrEqual(1e-5 * trueError);
      expect(Math.abs(squares / (squaresOf(block) || 1) - 1)).toBeLessThan(squares ? 1e-5 : 2);
      expect(largest).toBe(largestError(levels, block, own.codes, block.start));
      if (!result.isSolved(g)) {
        expect(own.codes.slice(block.start, block.end)).toEqual(
          plainCodes.slice(block.start, block.end),
        );
      }
      sum += trueError;
    }
    expect(sum).toBeLessThanOrEqual(plain.errors.sumSquaredError * (1 + 1e-6));
    expect(Math.abs(sum - wanted.errors.sumSquaredError)).toBeLessThanOrEqual(1e-4 * sum);
    const differing = wanted.codes.filter((code, i) => own.codes[i] !== code).length;
    expect(differing).toBeLessThanOrEqual(0.002 * K * N);
    const solved = Array.from({ length: reference.count }, (_, g) => g).filter(result.isSolved);
    if (name === 'zeros') expect(solved).toEqual([]);
    if (name === 'normal' && N > 30) expect(solved.length).toBeGreaterThan(reference.count / 4);
    expect(Math.abs(solved.length - wanted.solved)).toBeLessThanOrEqual(reference.count / 100);
  });

  /** Between two levels of plain rounding, where its last bits decide. */
  const halfway = (_: unknown, i: number) => {
    const place = (i % K) % quantizedLayout(spec).blockSize;
    const top = 2 ** bits - 1;
    if (place < 2) return place * top * 0.013 - 0.013;
    return (random.below(top) - 0.5) * 0.013;
  };

  test.each([
    ['normal', draws.normal],
    ['halfway', halfway],
  ])('%s: a solver that is worse leaves the bytes of plain rounding', async (_, draw) => {
    const weight = Float32Array.from({ length: N * K }, draw);
    const plain = quantize(weight, spec);
    const result = await settled(weight, spec, (_, g) => ({
      ...{ scale: g % 2 === 0 ? 100 : 1e-30, zeroPoint: 3 },
    }));
    expect(result.own.codes.subarray(0, N * K)).toEqual(unpackCodes(plain.codes, spec));
    expect(result.wanted.solved).toBe(0);
    expect(result.scales).toEqual(result.wanted.scales);
    const stored = plain.zeroPoints && unpackZeroPoints(plain.zeroPoints, spec);
    expect(Uint8Array.from(result.zeroPoints)).toEqual(stored);
  });

  test('levels on which the values lie are kept, rounded as they are stored', async () => {
    const scale = 0.3 / 2 ** bits;
    const { scaleType } = spec;
    const rounded = scaleType === 'float16' ? float16Value(float16Bits(scale)) : Math.fround(scale);
    const codes = Uint8Array.from({ length: N * K }, () =>
      Math.floor(random.uniform() * 2 ** bits),
    );
    // Inside of the range, so that plain rounding takes another scale.
    const top = 2 ** bits - 1;
    const inner = codes.map((code) => Math.min(Math.max(code, 1), Math.max(1, top - 1)));
    const weight = Float32Array.from(inner, (code) => (code - 1) * rounded);
    const result = await settled(weight, spec, () => ({ scale, zeroPoint: 1 }));
    for (let g = 0; g < result.reference.count; g++) {
      expect(result.own.errors[4 * g + 1]).toBe(0);
      if (!result.isSolved(g)) continue;
      const { start, end } = result.reference.block(g);
      expect(result.scales[g]).toBe(rounded);
      expect(result.zeroPoints[g]).toBe(1);
      expect(result.own.codes.slice(start, end)).toEqual(inner.slice(start, end));
    }
    expect([...result.own.codes.subarray(N * K)].every((code) => code === 0)).toBe(true);
  });
});

test('scales beyond float16 are infinite, whichever of the two has one', async () => {
  const spec = specOf(3, 16, { blockSize: 16 });
  const weight = new Float32Array(48).fill(0.5, 0, 16).fill(2e6, 16, 32).fill(1e5, 32);
  const result = await settled(weight, spec, (_, g) => ({
    scale: [1e6, 6e4, 1e5][g] ?? 1,
    zeroPoint: 0,
  }));
  expect([0, 1, 2].map(result.isSolved)).toEqual([false, false, false]);
  expect([...result.scales].map(Number.isFinite)).toEqual([true, false, true]);
  expect(result.wanted.infiniteScales).toBe(1);
  expect(result.scales).toEqual(result.wanted.scales);
});

test('values that fill the last bits of float32', async () => {
  const spec = specOf(2, 32, { rule: 'gather', scaleType: 'float32' });
  const random = seededRandom(3);
  for (const size of [1e-37, 1e-25, 1e15]) {
    const weight = Float32Array.from({ length: 64 }, () => random.normal() * size);
    const result = await settled(weight, spec, () => ({ scale: size / 1e7, zeroPoint: 8 }));
    expect([0, 1].map(result.isSolved)).toEqual([false, false]);
    expect(result.own.codes).toEqual(result.wanted.codes);
  }
});
