/** The search for the factor by which to shrink each block's range, on the device. */
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import type { Batch, BufferSlice } from '../gpu/batch.ts';
import type { Gpu, OwnedBuffer } from '../gpu/gpu.ts';
import { blockErrors } from '../kernels/block-errors.ts';
import { blockParameters } from '../kernels/block-parameters.ts';
import { clipCandidates } from '../kernels/clip-candidates.ts';
import { clipChoice } from '../kernels/clip-choice.ts';
import { CLIP_FACTORS } from '../reference/clip-search.ts';

/** Factors tried in one submission, which a software adapter finishes within a second. */
const TRIED = 8;

/** Where a tile's blocks lie; see `blockErrors`. */
export interface BlockGrid {
  readonly rows: number;
  readonly columns: number;
  readonly blockSize: number;
  readonly columnStride: number;
  readonly blockStride: number;
}

const variantOf = ({ bits, rule, transposed }: QuantizeSpec) => ({
  ...{ bits, transposed },
  divides: rule !== 'matmul-nbits',
});

/** Scratch for tiles of at most `maxBlocks` blocks. */
export class ClipSearch implements Disposable {
  readonly maxBlocks: number;
  readonly #gpu: Gpu;
  readonly #factors: OwnedBuffer;
  readonly #candidates: OwnedBuffer;
  readonly #blocks: OwnedBuffer;
  /** What `blockParameters` writes beside the blocks, of no use here. */
  readonly #scales: OwnedBuffer;
  readonly #zeroPoints: OwnedBuffer;
  readonly #faults: OwnedBuffer;
  /** f32 [CLIP_FACTORS.length, blocks]; a weight in several tiles adds to them tile by tile. */
  readonly #errors: OwnedBuffer;

  constructor(gpu: Gpu, maxBlocks: number) {
    const { STORAGE, COPY_DST } = GPUBufferUsage;
    this.maxBlocks = maxBlocks;
    this.#gpu = gpu;
    this.#factors = gpu.buffer('clip/factors', CLIP_FACTORS.byteLength, STORAGE | COPY_DST);
    this.#candidates = gpu.buffer('clip/candidates', 8 * TRIED * maxBlocks, STORAGE);
    this.#blocks = gpu.buffer('clip/blocks', 16 * TRIED * maxBlocks, STORAGE);
    this.#scales = gpu.buffer('clip/scales', 4 * TRIED * maxBlocks, STORAGE);
    this.#zeroPoints = gpu.buffer('clip/zero-points', TRIED * maxBlocks, STORAGE);
    this.#faults = gpu.buffer('clip/faults', 8, STORAGE);
    const errorBytes = 4 * CLIP_FACTORS.length * maxBlocks;
    this.#errors = gpu.buffer('clip/errors', errorBytes, STORAGE | COPY_DST);
    gpu.device.queue.writeBuffer(this.#factors, 0, CLIP_FACTORS);
  }

  /** Forgets the errors of `count` blocks. */
  clear(batch: Batch, count: number): void {
    batch.clear(this.#errors, 0, 4 * CLIP_FACTORS.length * count);
  }

  /** Submits what adds the errors of a tile under every factor. */
  addErrors(
    label: string,
    spec: QuantizeSpec,
    grid: BlockGrid,
    count: number,
    { weight, ranges }: { readonly weight: GPUBuffer; readonly ranges: GPUBuffer },
  ): void {
    for (let first = 0; first < CLIP_FACTORS.length; first += TRIED) {
      const batch = this.#gpu.batch(`${label}/clip`);
      const tried = Math.min(TRIED, CLIP_FACTORS.length - first);
      this.recordErrors(batch, spec, grid, { count, first, tried }, { weight, ranges });
      batch.submit();
    }
  }

  /** The dispatches for `tried` factors from `first` on. */
  recordErrors(
    batch: Batch,
    spec: QuantizeSpec,
    grid: BlockGrid,
    part: { readonly count: number; readonly first: number; readonly tried: number },
    { weight, ranges }: { readonly weight: GPUBuffer; readonly ranges: GPUBuffer },
  ): void {
    const candidates = this.#candidates;
    batch.dispatch(clipCandidates, { ranges, factors: this.#factors, candidates }, part);
    batch.dispatch(
      blockParameters(spec),
      {
        ...{ ranges: candidates, blocks: this.#blocks, scales: this.#scales },
        ...{ zeroPoints: this.#zeroPoints, faults: this.#faults },
      },
      { count: part.count * part.tried },
    );
    batch.dispatch(
      blockErrors(variantOf(spec)),
      { weight, blocks: this.#blocks, errors: this.#errors },
      { ...grid, ...part, zero: 0 },
    );
  }

  /** Shrinks `ranges` of `count` blocks by what gave the least error. */
  choose(batch: Batch, count: number, ranges: GPUBuffer | BufferSlice): void {
    batch.dispatch(
      clipChoice,
      { errors: this.#errors, factors: this.#factors, ranges },
      { count, factorCount: CLIP_FACTORS.length },
    );
  }

  [Symbol.dispose](): void {
    for (const buffer of [
      ...[this.#factors, this.#candidates, this.#blocks, this.#scales],
      ...[this.#zeroPoints, this.#faults, this.#errors],
    ]) {
      buffer.destroy();
    }
  }
}

/** Compiles what a search for `spec` needs beside `blockParameters`. */
export async function prepareClipSearch(gpu: Gpu, spec: QuantizeSpec): Promise<void> {
  await Promise.all([
    gpu.prepare(clipCandidates),
    gpu.prepare(blockErrors(variantOf(spec))),
    gpu.prepare(clipChoice),
  ]);
}
