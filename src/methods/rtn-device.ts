/** The device side of one tile at a time: its buffers, and the commands that quantize it. */
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { aligned } from '../gpu/alignment.ts';
import type { Batch, BufferSlice } from '../gpu/batch.ts';
import type { Gpu, OwnedBuffer } from '../gpu/gpu.ts';
import { timeDispatches } from '../gpu/time-dispatches.ts';
import { blockParameters } from '../kernels/block-parameters.ts';
import { blockRanges, blockRangesTransposed } from '../kernels/block-ranges.ts';
import { type CodesVariant, codesInvocations, quantizeCodes } from '../kernels/quantize-codes.ts';
import { MAX_SUMS, sumPartials } from '../kernels/sum-partials.ts';
import { ClipSearch, prepareClipSearch } from './clip-search.ts';
import type { Tile } from './rtn-tiles.ts';

/** Where results of a tile lie in its read-back, in bytes. */
export interface TileOutput {
  readonly codes: number;
  readonly scales: number;
  readonly zeroPoints: number;
  readonly sums: number;
  readonly sumCount: number;
  readonly faults: number;
  readonly byteLength: number;
}

const variantOf = (spec: QuantizeSpec): CodesVariant => ({
  bits: spec.bits,
  divides: spec.rule !== 'matmul-nbits',
  transposed: spec.transposed,
  acrossColumns: spec.packing === 'columns',
});

/** Where blocks lie in a tile, and their parameters in the order of the output. */
const gridOf = ({ packing }: QuantizeSpec, { rows, columns, blockSize, blockCount }: Tile) => ({
  ...{ rows, columns, blockSize },
  ...(packing === 'columns'
    ? { columnStride: 1, blockStride: columns }
    : { columnStride: blockCount, blockStride: 1 }),
});

/** Layout of the results of `tile`; codes come last because they vary most. */
export function tileOutput(spec: QuantizeSpec, tile: Tile): TileOutput {
  const blocks = tile.columns * tile.blockCount;
  const invocations = codesInvocations(variantOf(spec), tile.rows, tile.columns);
  const sumCount = Math.min(MAX_SUMS, Math.ceil(invocations / 64));
  const scales = aligned(8); // after the faults
  const zeroPoints = scales + aligned(blocks * (spec.scaleType === 'float16' ? 2 : 4));
  const sums = zeroPoints + (spec.symmetric ? 0 : aligned(blocks));
  const codes = sums + aligned(16 * sumCount);
  const byteLength = codes + (tile.rows * tile.columns * spec.bits) / 8;
  return { codes, scales, zeroPoints, sums, sumCount, faults: 0, byteLength };
}

/** Milliseconds by what a kernel does. */
export interface KernelTimes {
  readonly ranges: number;
  readonly parameters: number;
  readonly codes: number;
  readonly sums: number;
}

/** Scratch for tiles of at most `maxElements`; tiles run one after another on the device's queue. */
export class RtnDevice implements Disposable {
  /** Of `read-back` staging that holds any tile's results. */
  readonly maxOutputByteLength: number;
  readonly #gpu: Gpu;
  readonly #weight: OwnedBuffer;
  readonly #ranges: OwnedBuffer;
  readonly #blocks: OwnedBuffer;
  readonly #partials: OwnedBuffer;
  readonly #output: OwnedBuffer;
  #clipSearch: ClipSearch | null = null;

  constructor(gpu: Gpu, maxElements: number) {
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const maxBlocks = Math.ceil(maxElements / 16);
    this.maxOutputByteLength = maxElements + 5 * maxBlocks + 16 * MAX_SUMS + 5 * aligned(1);
    this.#gpu = gpu;
    this.#weight = gpu.buffer('weight', 4 * maxElements, STORAGE | COPY_DST);
    this.#ranges = gpu.buffer('ranges', 8 * maxBlocks, STORAGE | COPY_DST);
    this.#blocks = gpu.buffer('blocks', 16 * maxBlocks, STORAGE);
    this.#partials = gpu.buffer('partials', 16 * maxBlocks, STORAGE);
    this.#output = gpu.buffer('output', this.maxOutputByteLength, STORAGE | COPY_SRC | COPY_DST);
  }

  /**
   * Submits `tile`.
   * - `weight`   — float32 staging, [rows, columns] or, transposed, [columns, rows]
   * - `readBack` — receives the results; null if the tile makes no codes
   */
  submit(
    label: string,
    spec: QuantizeSpec,
    tile: Tile,
    weight: GPUBuffer,
    readBack: GPUBuffer | null,
  ): void {
    const { rows, columns, blockCount, does } = tile;
    const count = columns * blockCount;
    const output = tileOutput(spec, tile);
    const kernels = this.#kernels(spec, tile);
    const clip = spec.clip ? this.#clipSearchFor(count) : null;
    const first = this.#gpu.batch(label);
    first.copy({ buffer: weight, offset: 0, size: 4 * rows * columns }, this.#weight, 0);
    if (does.clears) {
      first.clear(this.#ranges, 0, 8 * count);
      first.clear(this.#output, 0, output.sums);
      clip?.clear(first, count);
    }
    if (does.ranges) kernels.ranges(first);
    let batch = first;
    if (clip && does.clipErrors) {
      first.submit();
      const buffers = { weight: this.#weight, ranges: this.#ranges };
      clip.addErrors(label, spec, gridOf(spec, tile), count, buffers);
      batch = this.#gpu.batch(label);
    }
    if (does.parameters) {
      clip?.choose(batch, count, this.#ranges);
      kernels.parameters(batch);
    }
    if (does.codes && readBack) {
      kernels.codes(batch);
      kernels.sums(batch);
      batch.copy({ buffer: this.#output, offset: 0, size: output.byteLength }, readBack, 0);
    }
    batch.submit();
  }

  #clipSearchFor(blocks: number): ClipSearch {
    if (!this.#clipSearch || this.#clipSearch.maxBlocks < blocks) {
      this.#clipSearch?.[Symbol.dispose](); // what is submitted still runs
      this.#clipSearch = new ClipSearch(this.#gpu, blocks);
    }
    return this.#clipSearch;
  }

  /** Mean milliseconds of each kernel on `tile`, whatever its buffers hold. */
  async time(spec: QuantizeSpec, tile: Tile): Promise<KernelTimes> {
    const kernels = this.#kernels(spec, tile);
    const timed = (dispatch: (batch: Batch) => void) => timeDispatches(this.#gpu, dispatch);
    return {
      ranges: await timed(kernels.ranges),
      parameters: await timed(kernels.parameters),
      codes: await timed(kernels.codes),
      sums: await timed(kernels.sums),
    };
  }

  /** The dispatches of a tile, by what they do. */
  #kernels(spec: QuantizeSpec, tile: Tile): Record<keyof KernelTimes, (batch: Batch) => void> {
    const { rows, columns, blockCount } = tile;
    const output = tileOutput(spec, tile);
    const part = (offset: number, end: number): BufferSlice => ({
      buffer: this.#output,
      offset,
      size: end - offset,
    });
    const shape = gridOf(spec, tile);
    const variant = variantOf(spec);
    return {
      ranges: (batch) =>
        batch.dispatch(
          spec.transposed ? blockRangesTransposed : blockRanges,
          { weight: this.#weight, ranges: this.#ranges },
          shape,
        ),
      parameters: (batch) =>
        batch.dispatch(
          blockParameters(spec),
          {
            ranges: this.#ranges,
            blocks: this.#blocks,
            scales: part(output.scales, output.zeroPoints),
            // Symmetric blocks write none; the binding must hold something of its own.
            zeroPoints: spec.symmetric ? this.#partials : part(output.zeroPoints, output.sums),
            faults: part(output.faults, output.scales),
          },
          { count: columns * blockCount },
        ),
      codes: (batch) =>
        batch.dispatch(
          quantizeCodes(variant),
          {
            weight: this.#weight,
            blocks: this.#blocks,
            codes: part(output.codes, output.byteLength),
            partials: this.#partials,
          },
          { ...shape, validRows: tile.validRows, zero: 0 },
        ),
      sums: (batch) =>
        batch.dispatch(
          sumPartials,
          { partials: this.#partials, sums: part(output.sums, output.codes) },
          { count: codesInvocations(variant, rows, columns), groups: output.sumCount },
        ),
    };
  }

  [Symbol.dispose](): void {
    this.#clipSearch?.[Symbol.dispose]();
    for (const buffer of [this.#weight, this.#ranges, this.#blocks, this.#partials, this.#output]) {
      buffer.destroy();
    }
  }
}

/** Compiles the kernels of `spec`. */
export async function prepareKernels(gpu: Gpu, spec: QuantizeSpec): Promise<void> {
  await Promise.all([
    gpu.prepare(spec.transposed ? blockRangesTransposed : blockRanges),
    gpu.prepare(blockParameters(spec)),
    gpu.prepare(quantizeCodes(variantOf(spec))),
    gpu.prepare(sumPartials),
    ...(spec.clip ? [prepareClipSearch(gpu, spec)] : []),
  ]);
}

/** Elements that one tile may have: as one binding, and at most `maxBytes` long. */
export function maxTileElements(
  { limits }: GPUDevice,
  maxBytes = Number.POSITIVE_INFINITY,
): number {
  const { maxStorageBufferBindingSize, maxBufferSize } = limits;
  const byteLength = Math.min(maxStorageBufferBindingSize, maxBufferSize, maxBytes);
  return Math.floor(byteLength / 4 / 64) * 64;
}
