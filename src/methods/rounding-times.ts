/** Trials of the kernels that round to nearest, and of the statistics of values. */
import type { Batch } from '../gpu/batch.ts';
import type { OwnedBuffer } from '../gpu/gpu.ts';
import { blockErrors } from '../kernels/block-errors.ts';
import { blockParameters } from '../kernels/block-parameters.ts';
import { blockRanges, blockRangesTransposed } from '../kernels/block-ranges.ts';
import { clipCandidates } from '../kernels/clip-candidates.ts';
import { clipChoice } from '../kernels/clip-choice.ts';
import { histogram } from '../kernels/histogram.ts';
import { type CodesVariant, codesInvocations, quantizeCodes } from '../kernels/quantize-codes.ts';
import { MAX_SUMS, sumPartials } from '../kernels/sum-partials.ts';
import { CLIP_FACTORS } from '../reference/clip-search.ts';
import type { Scratch, Trial } from './block-times.ts';

const BLOCK = 32;
const ROWS = 1024;
const TRIED = 4;

/** The variants that the targets' usual encodings need. */
const CODES: readonly CodesVariant[] = [
  { bits: 4, divides: false, transposed: false, acrossColumns: false },
  { bits: 4, divides: false, transposed: true, acrossColumns: false },
  { bits: 8, divides: true, transposed: false, acrossColumns: true },
  { bits: 8, divides: true, transposed: true, acrossColumns: true },
];

/** Blocks of 32 of `elements` values as 1024 rows, and whole channels. */
export function roundingTrials(weight: OwnedBuffer, elements: number, scratch: Scratch): Trial[] {
  const columns = elements / ROWS;
  const count = elements / BLOCK;
  const ranges = scratch('rounding/ranges', 8 * count);
  const blocks = scratch('rounding/blocks', 16 * count * TRIED);
  const scales = scratch('rounding/scales', 4 * count);
  const zeroPoints = scratch('rounding/zero-points', count);
  const faults = scratch('rounding/faults', 8);
  const codes = scratch('rounding/codes', elements);
  const partials = scratch('rounding/partials', elements / 2);
  const sums = scratch('rounding/sums', 16 * MAX_SUMS);
  const counts = scratch('rounding/counts', 4 * 256);
  const errors = scratch('rounding/errors', 4 * count * CLIP_FACTORS.length);
  const factors = scratch('rounding/factors', CLIP_FACTORS.byteLength);
  const candidates = scratch('rounding/candidates', 8 * count * TRIED);
  const grid = {
    rows: ROWS,
    columns,
    blockSize: BLOCK,
    columnStride: ROWS / BLOCK,
    blockStride: 1,
  };
  const channels = { ...grid, blockSize: ROWS, columnStride: 1 };
  const part = { count, first: 0, tried: TRIED };
  const parameters = blockParameters({
    ...{ rule: 'matmul-nbits', bits: 4, symmetric: true, scaleType: 'float32' },
  });
  const trial = (
    kernel: Trial['kernels'][number],
    bytes: number,
    record: (batch: Batch) => void,
    note = '',
  ): Trial => ({ kernel: `${kernel.label}${note}`, elements, bytes, kernels: [kernel], record });

  return [
    ...[blockRanges, blockRangesTransposed].flatMap((kernel) => [
      trial(kernel, 4 * elements + 16 * count, (batch) =>
        batch.dispatch(kernel, { weight, ranges }, grid),
      ),
      trial(
        kernel,
        4 * elements + 16 * columns,
        (batch) => batch.dispatch(kernel, { weight, ranges }, channels),
        ' of channels',
      ),
    ]),
    trial(parameters, 28 * count, (batch) =>
      batch.dispatch(parameters, { ranges, blocks, scales, zeroPoints, faults }, { count }),
    ),
    ...CODES.map((variant) => {
      const kernel = quantizeCodes(variant);
      const invocations = codesInvocations(variant, ROWS, columns);
      const bytes = 4 * elements + 16 * count + (elements * variant.bits) / 8 + 16 * invocations;
      return trial(kernel, bytes, (batch) =>
        batch.dispatch(
          kernel,
          { weight, blocks, codes, partials },
          { ...grid, validRows: ROWS, zero: 0 },
        ),
      );
    }),
    trial(sumPartials, elements / 2, (batch) =>
      batch.dispatch(sumPartials, { partials, sums }, { count: elements / 32, groups: MAX_SUMS }),
    ),
    trial(clipCandidates, (8 + 8 * TRIED) * count, (batch) =>
      batch.dispatch(clipCandidates, { ranges, factors, candidates }, part),
    ),
    ...[false, true].map((transposed) => {
      const kernel = blockErrors({ bits: 4, divides: false, transposed });
      return trial(
        kernel,
        TRIED * (4 * elements + (16 + 8) * count),
        (batch) =>
          batch.dispatch(kernel, { weight, blocks, errors }, { ...grid, ...part, zero: 0 }),
        ` of ${TRIED} factors`,
      );
    }),
    trial(clipChoice, (4 * CLIP_FACTORS.length + 16) * count, (batch) =>
      batch.dispatch(
        clipChoice,
        { errors, factors, ranges },
        { count, factorCount: CLIP_FACTORS.length },
      ),
    ),
    trial(histogram, 4 * elements, (batch) =>
      batch.dispatch(
        histogram,
        { values: weight, counts },
        { count: elements, bins: 256, bound: 4, binsPerUnit: 32, zero: 0 },
      ),
    ),
  ];
}
