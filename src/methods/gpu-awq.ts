/** AWQ's searches on the GPU: errors by matrix products, cuts of blocks by kernels, in tiles of rows. */
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { DeviceBuffers } from '../gpu/device-buffers.ts';
import type { Gpu, OwnedBuffer } from '../gpu/gpu.ts';
import { awqClips, CLIP_TRIES, MAX_CLIP_BLOCK } from '../kernels/awq-clips.ts';
import { blockParameters } from '../kernels/block-parameters.ts';
import { blockRangesTransposed } from '../kernels/block-ranges.ts';
import { cutRanges } from '../kernels/cut-ranges.ts';
import { CLIP_SHARES, cutBlock } from './awq-clips.ts';
import type { AwqDevice, LayerErrors } from './awq-device.ts';
import { clipByProducts } from './clip-by-products.ts';
import { type ClipBlocks, clipBlocksOf, gramBlocks, paddedRows } from './clip-layouts.ts';
import { type GpuMatrices, MAX_FLOP } from './gpu-matrices.ts';
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
  readonly #buffers: DeviceBuffers;
  readonly #matrices: () => Promise<GpuMatrices>;
  readonly #tileElements: number;

  constructor(gpu: Gpu, matrices: () => Promise<GpuMatrices>, tileElements = CHUNK_ELEMENTS) {
    this.#gpu = gpu;
    this.#buffers = new DeviceBuffers(gpu, 'awq');
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
    using products = this.#buffers.uploaded('gram', gramBlocks(gram, shape));
    using shares = this.#buffers.uploaded('shares', SHARES);
    const byBlocks = spec.K * Math.floor(TILE_BLOCKS / shape.blockCount);
    const byWork = MAX_FLOP.hardware / (2 * CLIP_TRIES * shape.blockSize);
    const elements = Math.min(this.#tileElements, byBlocks, byWork);
    for (const [start, end] of rowChunks(values.length, spec.K, elements)) {
      signal.throwIfAborted();
      const rows = values.subarray(start, end);
      using choices = this.#choose(rows, spec, shape, { products, shares });
      await this.#buffers.read(choices, (found) => cutRows(rows, shape, new Uint32Array(found)));
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
    using weight = this.#buffers.uploaded('rows', paddedRows(rows, shape));
    using ranges = this.#buffers.empty('ranges', 8 * count);
    using cuts = this.#buffers.empty('cuts', 8 * all);
    using blocks = this.#buffers.empty('blocks', 16 * all);
    // What `blockParameters` writes beside the blocks, of no use here.
    using scales = this.#buffers.empty('scales', 4 * all);
    using zeroPoints = this.#buffers.empty('zero-points', all);
    using faults = this.#buffers.empty('faults', 8);
    const choices = this.#buffers.empty('choices', 4 * count);
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
