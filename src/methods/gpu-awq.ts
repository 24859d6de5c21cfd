/** AWQ's searches on the GPU: errors by matrix products, cuts of blocks by kernels, in tiles of rows. */
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import type { Gpu, OwnedBuffer } from '../gpu/gpu.ts';
import { awqClips, CLIP_TRIES, MAX_CLIP_BLOCK } from '../kernels/awq-clips.ts';
import { blockParameters } from '../kernels/block-parameters.ts';
import { blockRangesTransposed } from '../kernels/block-ranges.ts';
import { cutRanges } from '../kernels/cut-ranges.ts';
import { CLIP_SHARES, cutBlock } from './awq-clips.ts';
import type { AwqDevice, LayerErrors } from './awq-device.ts';
import { clipByProducts } from './clip-by-products.ts';
import { type ClipBlocks, clipBlocksOf, gramBlocks, paddedRows } from './clip-layouts.ts';
import type { GpuMatrices } from './gpu-matrices.ts';
import { ProductErrors } from './product-errors.ts';
import { CHUNK_ELEMENTS, rowChunks } from './row-chunks.ts';

type Values = Float32Array<ArrayBuffer>;

/** Blocks of a tile: 50 MB of parameters. */
const TILE_BLOCKS = 2 ** 18;

/** The last is tried again until there are CLIP_TRIES. */
const SHARES = Float32Array.from(
  { length: CLIP_TRIES },
  (_, i) => CLIP_SHARES[Math.min(i, CLIP_SHARES.length - 1)] as number,
);

export class GpuAwq implements AwqDevice {
  readonly #gpu: Gpu;
  readonly #matrices: () => Promise<GpuMatrices>;
  readonly #tileElements: number;

  constructor(gpu: Gpu, matrices: () => Promise<GpuMatrices>, tileElements = CHUNK_ELEMENTS) {
    this.#gpu = gpu;
    this.#matrices = matrices;
    this.#tileElements = tileElements;
  }

  async layerErrors(gram: Values, K: number): Promise<LayerErrors> {
    return new ProductErrors(await this.#matrices(), gram, K);
  }

  /** Errors of blocks of more than MAX_CLIP_BLOCK elements fit no workgroup: they take products. */
  async clip(values: Values, spec: QuantizeSpec, gram: Values, signal: AbortSignal): Promise<void> {
    const shape = clipBlocksOf(spec);
    if (shape.blockSize > MAX_CLIP_BLOCK) {
      return clipByProducts(values, spec, gram, await this.#matrices(), signal, this.#tileElements);
    }
    const variant = { bits: spec.bits, divides: spec.rule !== 'matmul-nbits' };
    const kernels = [blockRangesTransposed, cutRanges, blockParameters(spec), awqClips(variant)];
    await Promise.all(kernels.map((kernel) => this.#gpu.prepare(kernel)));
    using products = this.#upload('gram', gramBlocks(gram, shape));
    using shares = this.#upload('shares', SHARES);
    const most = spec.K * Math.floor(TILE_BLOCKS / shape.blockCount);
    const elements = Math.min(this.#tileElements, most);
    for (const [start, end] of rowChunks(values.length, spec.K, elements)) {
      signal.throwIfAborted();
      const rows = values.subarray(start, end);
      using choices = this.#choose(rows, spec, shape, { products, shares });
      await this.#read(choices, (found) => cutRows(rows, shape, new Uint32Array(found)));
    }
  }

  /** u32: the cut of each block of `rows`. */
  #choose(
    rows: Values,
    spec: QuantizeSpec,
    shape: ClipBlocks,
    { products, shares }: { readonly products: OwnedBuffer; readonly shares: OwnedBuffer },
  ): OwnedBuffer {
    const { blockSize, blockCount } = shape;
    const count = (rows.length / shape.K) * blockCount;
    const all = CLIP_TRIES * count;
    using weight = this.#upload('rows', paddedRows(rows, shape));
    using ranges = this.#empty('ranges', 8 * count);
    using cuts = this.#empty('cuts', 8 * all);
    using blocks = this.#empty('blocks', 16 * all);
    // What `blockParameters` writes beside the blocks, of no use here.
    using scales = this.#empty('scales', 4 * all);
    using zeroPoints = this.#empty('zero-points', all);
    using faults = this.#empty('faults', 8);
    const choices = this.#empty('choices', 4 * count);
    const batch = this.#gpu.batch('awq/clips');
    batch.dispatch(
      blockRangesTransposed,
      { weight, ranges },
      { rows: blockSize, columns: count, blockSize, columnStride: 1, blockStride: 1 },
    );
    batch.dispatch(cutRanges, { ranges, shares, cuts }, { count, tried: CLIP_TRIES });
    batch.dispatch(
      blockParameters(spec),
      { ranges: cuts, blocks, scales, zeroPoints, faults },
      { count: all },
    );
    batch.dispatch(
      awqClips({ bits: spec.bits, divides: spec.rule !== 'matmul-nbits' }),
      { weight, gram: products, cuts, blocks, choices },
      {
        ...{ count, blockCount, blockSize, columnStride: count },
        ...{ tried: CLIP_SHARES.length, zero: 0 },
      },
    );
    batch.submit();
    return choices;
  }

  #empty(label: string, byteLength: number): OwnedBuffer {
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    return this.#gpu.buffer(`awq/${label}`, byteLength, STORAGE | COPY_SRC | COPY_DST);
  }

  #upload(label: string, values: Values): OwnedBuffer {
    const buffer = this.#empty(label, values.byteLength);
    this.#gpu.device.queue.writeBuffer(buffer, 0, values);
    return buffer;
  }

  /** What `take` makes of the bytes, which are gone afterwards. */
  async #read<T>(buffer: OwnedBuffer, take: (bytes: ArrayBuffer) => T): Promise<T> {
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    const { size } = buffer;
    using staging = this.#gpu.buffer('awq/read-back', size, MAP_READ | COPY_DST);
    const batch = this.#gpu.batch('awq/read-back');
    batch.copy({ buffer, offset: 0, size }, staging, 0);
    batch.submit();
    await this.#gpu.guard(staging.mapAsync(GPUMapMode.READ));
    return take(staging.getMappedRange());
  }
}

/** `choices` — [rows, blockCount]: indices of CLIP_SHARES */
function cutRows(rows: Values, { K, length, blockCount }: ClipBlocks, choices: Uint32Array): void {
  for (let row = 0, block = 0; row < rows.length; row += K) {
    for (let b = 0; b < blockCount; b++, block++) {
      const share = CLIP_SHARES[choices[block] as number] as number;
      if (share < 1) cutBlock(rows, row + b * length, row + Math.min(K, (b + 1) * length), share);
    }
  }
}
