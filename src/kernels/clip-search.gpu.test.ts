import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import { blockError, CLIP_FACTORS, clippedRange } from '../reference/clip-search.ts';
import { blockErrors } from './block-errors.ts';
import { blockParameters } from './block-parameters.ts';
import { blockRanges, blockRangesTransposed } from './block-ranges.ts';
import { clipCandidates } from './clip-candidates.ts';
import { clipChoice } from './clip-choice.ts';
import { guarded, uploaded } from './testing/guarded-buffers.ts';

const gpu = await openDevice();
afterAll(() => gpu[Symbol.dispose]());

const [ROWS, COLUMNS, BLOCK] = [96, 12, 32];
const BLOCKS = ROWS / BLOCK;
const COUNT = BLOCKS * COLUMNS;
const TRIED = 16;

test.each([
  ['matmul-nbits', 4, false],
  ['matmul-nbits', 2, true],
  ['gather', 4, true],
  ['gather', 8, false],
] as const)(
  '%s at %i bits, transposed %s: every error and choice',
  async (rule, bits, transposed) => {
    const random = seededRandom(bits);
    const weight = Float32Array.from({ length: ROWS * COLUMNS }, () => random.normal());
    const spec = { rule, bits, symmetric: false, scaleType: 'float32' } as const;
    const strides = { columnStride: 1, blockStride: COLUMNS };
    const shape = { rows: ROWS, columns: COLUMNS, blockSize: BLOCK, ...strides };
    const variant = { bits, divides: rule === 'gather', transposed };

    using source = uploaded(gpu, weight);
    using factors = uploaded(gpu, CLIP_FACTORS);
    using ranges = guarded(gpu, 8 * COUNT, 0);
    using candidates = guarded(gpu, 8 * TRIED * COUNT);
    using blocks = guarded(gpu, 16 * TRIED * COUNT);
    using scales = guarded(gpu, 4 * TRIED * COUNT);
    using zeroPoints = guarded(gpu, TRIED * COUNT);
    using faults = guarded(gpu, 8, 0);
    using errors = guarded(gpu, 4 * CLIP_FACTORS.length * COUNT, 0);
    const rangesKernel = transposed ? blockRangesTransposed : blockRanges;
    await gpu.run(rangesKernel, { weight: source, ranges }, shape);
    for (let first = 0; first < CLIP_FACTORS.length; first += TRIED) {
      const part = { count: COUNT, first, tried: TRIED };
      await gpu.run(clipCandidates, { ranges, factors, candidates }, part);
      await gpu.run(
        blockParameters(spec),
        { ranges: candidates, blocks, scales, zeroPoints, faults },
        { count: TRIED * COUNT },
      );
      await gpu.run(
        blockErrors(variant),
        { weight: source, blocks, errors },
        { ...shape, ...part, zero: 0 },
      );
    }
    await gpu.run(clipChoice, { errors, factors, ranges }, { count: COUNT, factorCount: 80 });

    const own = new Float32Array(await errors.read());
    const chosen = new Float32Array(await ranges.read());
    for (let slot = 0; slot < COUNT; slot++) {
      const column = slot % COLUMNS;
      const firstRow = Math.floor(slot / COLUMNS) * BLOCK;
      const block = Float32Array.from({ length: BLOCK }, (_, i) => {
        const row = firstRow + i;
        return weight[transposed ? column * ROWS + row : row * COLUMNS + column] as number;
      });
      const range = { low: Math.min(0, ...block), high: Math.max(0, ...block) };
      const wanted = Array.from(CLIP_FACTORS, (factor) =>
        blockError(spec, block, {
          low: Math.fround(range.low * factor),
          high: Math.fround(range.high * factor),
        }),
      );
      expect([...wanted.keys()].map((i) => own[i * COUNT + slot])).toEqual(wanted);
      const { low, high } = clippedRange(spec, block, range);
      expect([chosen[2 * slot], chosen[2 * slot + 1]]).toEqual([high, low]);
    }
    await Promise.all([candidates.read(), blocks.read(), scales.read(), zeroPoints.read()]);
  },
);
