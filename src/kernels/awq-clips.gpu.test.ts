import { afterAll, expect, test } from 'vitest';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { type Random, seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import { CLIP_SHARES } from '../methods/awq-clips.ts';
import { clipBlocksOf, gramBlocks, paddedRows } from '../methods/clip-layouts.ts';
import { roundBlock } from '../methods/rounded-rows.ts';
import { gramOf } from '../methods/testing/grams.ts';
import { awqClips, CLIP_TRIES } from './awq-clips.ts';
import { blockParameters } from './block-parameters.ts';
import { blockRangesTransposed } from './block-ranges.ts';
import { cutRanges } from './cut-ranges.ts';
import { guarded, uploaded } from './testing/guarded-buffers.ts';

const gpu = await openDevice();
afterAll(() => gpu[Symbol.dispose]());

type Spec = Pick<QuantizeSpec, 'rule' | 'bits' | 'symmetric' | 'scaleType' | 'blockSize' | 'K'>;

const SHARES = Float32Array.from({ length: CLIP_TRIES }, (_, i) => CLIP_SHARES[i] ?? 0.55);

/** Kinds of rows, in turn. The magnitude of the last is too large for a 4-bit float16 scale. */
const DRAWS: readonly ((random: Random, k: number) => number)[] = [
  (random) => random.normal() * 0.05,
  (random, k) => random.normal() * (k % 16 === 3 ? 6 : 1),
  (random) => random.normal() ** 3,
  (random) => 1 + random.normal() * 0.1,
  (random) => random.normal() * 1e-27,
  () => 0,
  (random) => (random.uniform() - 0.5) * 1.5e6,
];

function weightOf(N: number, K: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(N);
  return Float32Array.from({ length: N * K }, (_, i) => {
    const draw = DRAWS[Math.floor(i / K) % DRAWS.length];
    return draw ? draw(random, i % K) : 0;
  });
}

async function choicesOf(weight: Float32Array<ArrayBuffer>, gram: Float32Array, spec: Spec) {
  const shape = clipBlocksOf(spec);
  const { blockSize, blockCount } = shape;
  const count = (weight.length / spec.K) * blockCount;
  const all = CLIP_TRIES * count;
  using rows = uploaded(gpu, paddedRows(weight, shape));
  using products = uploaded(gpu, gramBlocks(gram, shape));
  using shares = uploaded(gpu, SHARES);
  using ranges = guarded(gpu, 8 * count, 0);
  using cuts = guarded(gpu, 8 * all);
  using blocks = guarded(gpu, 16 * all);
  using scales = guarded(gpu, 4 * all, 0);
  using zeroPoints = guarded(gpu, 4 * Math.ceil(all / 4), 0);
  using faults = guarded(gpu, 8, 0);
  using choices = guarded(gpu, 4 * count);
  await gpu.run(
    blockRangesTransposed,
    { weight: rows, ranges },
    { rows: blockSize, columns: count, blockSize, columnStride: 1, blockStride: 1 },
  );
  await gpu.run(cutRanges, { ranges, shares, cuts }, { count, tried: CLIP_TRIES });
  await gpu.run(
    blockParameters({ ...spec }),
    { ranges: cuts, blocks, scales, zeroPoints, faults },
    { count: all },
  );
  await gpu.run(
    awqClips({ bits: spec.bits, divides: spec.rule !== 'matmul-nbits' }),
    { weight: rows, gram: products, cuts, blocks, choices },
    { count, blockCount, blockSize, columnStride: count, tried: CLIP_SHARES.length, zero: 0 },
  );
  await Promise.all([cuts.read(), blocks.read()]);
  return new Uint32Array(await choices.read());
}

/** d H dᵀ of a block under every share; NaN where its scale is infinite. */
function errorsOf(values: Float32Array, gram: Float32Array, first: number, spec: Spec): number[] {
  const most = values.reduce((a, w) => Math.max(a, Math.abs(w)), 0);
  return Array.from(CLIP_SHARES, (share) => {
    const limit = Math.fround(most * share);
    const cut = values.map((w) => Math.min(Math.max(w, -limit), limit));
    const own = { ...spec, N: 1, transposed: true, packing: 'blocks' } as const;
    roundBlock(cut, 0, cut.length, own, cut);
    const d = cut.map((w, i) => w - (values[i] ?? 0));
    let sum = 0;
    for (const [i, a] of d.entries()) {
      for (const [j, b] of d.entries()) {
        sum += a * b * (gram[(first + i) * spec.K + first + j] ?? 0);
      }
    }
    return sum;
  });
}

const NBITS = { rule: 'matmul-nbits', scaleType: 'float32' } as const;

test.each<[number, Spec]>([
  [37, { ...NBITS, bits: 4, symmetric: true, blockSize: 32, K: 100 }],
  [7, { ...NBITS, bits: 4, symmetric: false, blockSize: 16, K: 24 }],
  [13, { ...NBITS, bits: 2, symmetric: true, blockSize: 64, K: 200 }],
  [6, { ...NBITS, bits: 2, symmetric: false, blockSize: 128, K: 300 }],
  [13, { ...NBITS, bits: 8, symmetric: true, blockSize: 48, K: 96 }],
  [25, { ...NBITS, bits: 8, symmetric: false, blockSize: 32, K: 32 }],
  [12, { ...NBITS, bits: 4, symmetric: true, blockSize: 32, K: 64, scaleType: 'float16' }],
  [12, { ...NBITS, bits: 4, symmetric: false, blockSize: 256, K: 256, scaleType: 'float16' }],
  [19, { ...NBITS, bits: 4, symmetric: false, blockSize: 32, K: 130, rule: 'gather' }],
  [19, { ...NBITS, bits: 2, symmetric: true, blockSize: 16, K: 40, rule: 'gather' }],
  [14, { ...NBITS, bits: 8, symmetric: false, blockSize: 'channel', K: 77, rule: 'int8' }],
  [14, { ...NBITS, bits: 4, symmetric: true, blockSize: 64, K: 70, rule: 'int8' }],
])('%i rows: %o', async (N, spec) => {
  const { K, length, blockCount } = clipBlocksOf(spec);
  const weight = weightOf(N, K);
  const gram = gramOf(K);
  const choices = await choicesOf(weight, gram, spec);
  expect(choices.length).toBe(N * blockCount);
  let same = 0;
  for (const [block, choice] of choices.entries()) {
    const first = (block % blockCount) * length;
    const start = Math.floor(block / blockCount) * K;
    const values = weight.subarray(start + first, start + Math.min(K, first + length));
    const errors = errorsOf(values, gram, first, spec);
    const finite = errors.filter((error) => !Number.isNaN(error));
    const least = Math.min(...finite);
    if (finite.length === 0) expect(choice).toBe(0);
    else expect(errors[choice]).toBeLessThanOrEqual(least * 1.0001);
    same += Number(choice === Math.max(0, errors.indexOf(least)));
  }
  expect(same).toBeGreaterThanOrEqual(0.98 * choices.length);
  expect(new Set(choices).size).toBeGreaterThan(1);
});

test('all shares are tried, and a block of zeros is not cut', async () => {
  expect(CLIP_SHARES.length).toBeLessThanOrEqual(CLIP_TRIES);
  const spec: Spec = { ...NBITS, bits: 4, symmetric: true, blockSize: 16, K: 16 };
  const weight = new Float32Array(48).fill(1e-40, 16, 32);
  expect([...(await choicesOf(weight, gramOf(16), spec))]).toEqual([0, 0, 0]);
});
