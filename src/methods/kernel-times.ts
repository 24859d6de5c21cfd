/** Times of the kernels that no single recipe passes through, for `npm run bench`. */
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { seededRandom } from '../core/random.ts';
import type { Transposition } from '../core/transposition.ts';
import type { Gpu, OwnedBuffer } from '../gpu/gpu.ts';
import { timeDispatches } from '../gpu/time-dispatches.ts';
import { blockParameters } from '../kernels/block-parameters.ts';
import { magnitudeHistogram } from '../kernels/magnitude-histogram.ts';
import { MATMUL_VARIANTS, matmul } from '../kernels/matmul.ts';
import { nOfMMask } from '../kernels/n-of-m-mask.ts';
import { pruneMask } from '../kernels/prune-mask.ts';
import { scanCounts } from '../kernels/scan-counts.ts';
import { tieCounts } from '../kernels/tie-counts.ts';
import { CLIP_FACTORS } from '../reference/clip-search.ts';
import { HISTOGRAM_LENGTH } from '../reference/magnitude-histogram.ts';
import { beginSearch } from '../reference/magnitude-search.ts';
import { awqTrials } from './awq-times.ts';
import { blockTrials, type Scratch, type Trial } from './block-times.ts';
import { ClipSearch, prepareClipSearch } from './clip-search.ts';
import { feedbackTrials } from './feedback-times.ts';
import { roundingTrials } from './rounding-times.ts';
import type { KernelProfile } from './rtn-profile.ts';

export interface KernelTimesOptions {
  /** Values of the elementwise kernels, a multiple of 4096. */
  readonly elements?: number;
  /** Rows, columns and depth of the matrix products, a multiple of 4. */
  readonly side?: number;
  /** Of the matrix products; by default all. */
  readonly transpositions?: readonly Transposition[];
  /** How a trial is timed; by default `timeDispatches`. */
  readonly time?: (gpu: Gpu, record: Trial['record']) => Promise<number>;
}

/**
 * Mean time of each kernel of pruning, of rounding and its clip search, of those that fit levels
 * to values, of AWQ's cuts, of error feedback, and of every variant of the matrix product. Values
 * are seeded normal ones, since contention depends on them.
 * @throws device-lost, out-of-memory, too-large, gpu-failed
 */
export async function timeKernels(
  gpu: Gpu,
  {
    elements = 2 ** 20,
    side = 512,
    transpositions = ['NN', 'NT', 'TN'],
    time = timeDispatches,
  }: KernelTimesOptions = {},
): Promise<readonly KernelProfile[]> {
  const { STORAGE, COPY_DST } = GPUBufferUsage;
  const owned: OwnedBuffer[] = [];
  const scratch = (label: string, byteLength: number) => {
    const buffer = gpu.buffer(`times/${label}`, byteLength, STORAGE | COPY_DST);
    owned.push(buffer);
    return buffer;
  };
  try {
    const random = seededRandom(1);
    const values = scratch('values', 4 * elements);
    const drawn = Float32Array.from({ length: elements }, () => random.normal());
    gpu.device.queue.writeBuffer(values, 0, drawn);
    using clip = new ClipSearch(gpu, elements / CLIP_BLOCK);
    await prepareClipSearch(gpu, CLIP_SPEC);
    const trials = [
      ...pruningTrials(values, elements, scratch),
      clipTrial(clip, values, elements, scratch),
      ...blockTrials(values, elements, scratch),
      ...roundingTrials(values, elements, scratch),
      ...awqTrials(values, elements, scratch),
      ...feedbackTrials(side, scratch),
      ...matmulTrials(side, transpositions, scratch),
    ];
    await Promise.all(
      trials.flatMap(({ kernels }) => kernels.map((kernel) => gpu.prepare(kernel))),
    );
    const times: KernelProfile[] = [];
    for (const { kernels: _, record, ...figures } of trials) {
      times.push({ ...figures, durationMs: await time(gpu, record) });
    }
    return times;
  } finally {
    for (const buffer of owned) buffer.destroy();
  }
}

function pruningTrials(values: OwnedBuffer, count: number, scratch: Scratch): Trial[] {
  const words = count / 32;
  const counts = scratch('counts', 4 * HISTOGRAM_LENGTH);
  const tiesBefore = scratch('ties', 4 * words);
  const total = scratch('total', 4);
  const mask = scratch('mask', 4 * words);
  const partials = scratch('partials', 16 * words);
  const faults = scratch('faults', 4);
  const { digit } = beginSearch(1);
  const threshold = 0x3f2caf9f; // 0.6745: half of the normal magnitudes lie below
  return [
    {
      ...{ kernel: 'magnitude-histogram', elements: count, bytes: 4 * count },
      kernels: [magnitudeHistogram],
      record: (batch) =>
        digit && batch.dispatch(magnitudeHistogram, { values, counts }, { count, ...digit }),
    },
    {
      ...{ kernel: 'tie-counts', elements: count, bytes: 4 * count + 4 * words },
      kernels: [tieCounts],
      record: (batch) =>
        batch.dispatch(tieCounts, { values, counts: tiesBefore }, { count, threshold }),
    },
    {
      ...{ kernel: 'scan-counts', elements: count, bytes: 12 * words },
      kernels: [scanCounts],
      record: (batch) =>
        batch.dispatch(scanCounts, { counts: tiesBefore, total }, { count: words }),
    },
    {
      ...{ kernel: 'prune-mask', elements: count, bytes: 4 * count + 24 * words },
      kernels: [pruneMask],
      record: (batch) =>
        batch.dispatch(
          pruneMask,
          { values, tiesBefore, mask, partials },
          { count, threshold, ties: 0 },
        ),
    },
    {
      ...{ kernel: 'n-of-m-mask/2:4', elements: count, bytes: 4 * count + 20 * words },
      kernels: [nOfMMask],
      record: (batch) =>
        batch.dispatch(
          nOfMMask,
          { values, mask, partials, faults },
          { count, axisLength: 1024, inner: count / 1024, keep: 2, groupSize: 4 },
        ),
    },
  ];
}

const CLIP_BLOCK = 32;
const CLIP_ROWS = 1024;
const CLIP_SPEC = {
  ...{ rule: 'matmul-nbits', bits: 4, blockSize: CLIP_BLOCK, symmetric: true },
  ...{ scaleType: 'float32', K: CLIP_ROWS, N: 4, transposed: false, packing: 'blocks', clip: true },
} as const satisfies QuantizeSpec;

function clipTrial(
  clip: ClipSearch,
  weight: OwnedBuffer,
  elements: number,
  scratch: Scratch,
): Trial {
  const count = elements / CLIP_BLOCK;
  const ranges = scratch('ranges', 8 * count);
  const grid = {
    ...{ rows: CLIP_ROWS, columns: elements / CLIP_ROWS, blockSize: CLIP_BLOCK },
    ...{ columnStride: CLIP_ROWS / CLIP_BLOCK, blockStride: 1 },
  };
  return {
    kernel: `clip-search, 1 of ${CLIP_FACTORS.length} factors`,
    ...{ elements, bytes: 4 * elements + (8 + 8 + 16 + 4 + 8) * count },
    kernels: [blockParameters(CLIP_SPEC)],
    record: (batch) =>
      clip.recordErrors(batch, CLIP_SPEC, grid, { count, first: 0, tried: 1 }, { weight, ranges }),
  };
}

function matmulTrials(
  side: number,
  transpositions: readonly Transposition[],
  scratch: Scratch,
): Trial[] {
  const [a, b, c] = ['a', 'b', 'c'].map((label) => scratch(label, 4 * side * side)) as [
    OwnedBuffer,
    OwnedBuffer,
    OwnedBuffer,
  ];
  const sides = { M: side, N: side, K: side, aStride: side, bStride: side, cStride: side };
  return MATMUL_VARIANTS.flatMap((variant) =>
    transpositions.map((transposition) => {
      const kernel = matmul(variant, transposition);
      return {
        ...{ kernel: kernel.label, elements: side * side, bytes: 12 * side * side },
        flop: 2 * side ** 3,
        kernels: [kernel],
        record: (batch) => batch.dispatch(kernel, { a, b, c }, { ...sides, accumulate: 0 }),
      } satisfies Trial;
    }),
  );
}
