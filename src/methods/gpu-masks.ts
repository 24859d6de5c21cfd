import type { Batch } from '../gpu/batch.ts';
import type { Gpu, OwnedBuffer } from '../gpu/gpu.ts';
import { magnitudeHistogram } from '../kernels/magnitude-histogram.ts';
import { nOfMMask } from '../kernels/n-of-m-mask.ts';
import { pruneMask } from '../kernels/prune-mask.ts';
import { scanCounts } from '../kernels/scan-counts.ts';
import { sumPartials } from '../kernels/sum-partials.ts';
import { tieCounts } from '../kernels/tie-counts.ts';
import { HISTOGRAM_LENGTH } from '../reference/magnitude-histogram.ts';
import type { MagnitudeDigit, MagnitudeThreshold } from '../reference/magnitude-search.ts';
import type { AxisShape } from '../reference/n-of-m-mask.ts';
import type { PruneMask } from '../reference/prune-mask.ts';
import type { MaskDevice, Tile } from './mask-device.ts';

const TILE_ELEMENTS = 2 ** 21; // 8 MB
const MAX_SUMS = 256;

/** Masks by kernels, one tile at a time; only counts and masks come back. */
export class GpuMasks implements MaskDevice {
  readonly maxElements: number;
  readonly #gpu: Gpu;
  readonly #values: OwnedBuffer;
  readonly #counts: OwnedBuffer;
  readonly #ties: OwnedBuffer;
  readonly #tieTotal: OwnedBuffer;
  readonly #mask: OwnedBuffer;
  readonly #partials: OwnedBuffer;
  readonly #sums: OwnedBuffer;
  readonly #faults: OwnedBuffer;
  readonly #readBack: OwnedBuffer;

  constructor(gpu: Gpu, maxElements = TILE_ELEMENTS) {
    const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const words = Math.ceil(maxElements / 32);
    const buffer = (label: string, byteLength: number) =>
      gpu.buffer(`masks/${label}`, byteLength, STORAGE | COPY_SRC | COPY_DST);
    this.maxElements = maxElements;
    this.#gpu = gpu;
    this.#values = buffer('values', 4 * maxElements);
    this.#counts = buffer('counts', 4 * HISTOGRAM_LENGTH);
    this.#ties = buffer('ties', 4 * words);
    this.#tieTotal = buffer('tie-total', 4);
    this.#mask = buffer('mask', 4 * words);
    this.#partials = buffer('partials', 16 * words);
    this.#sums = buffer('sums', 16 * MAX_SUMS);
    this.#faults = buffer('faults', 4);
    const readBackLength = Math.max(4 * HISTOGRAM_LENGTH, 4 * words + 16 * MAX_SUMS + 4);
    this.#readBack = gpu.buffer('masks/read-back', readBackLength, MAP_READ | COPY_DST);
  }

  async countDigit(tiles: AsyncIterable<Tile>, digit: MagnitudeDigit): Promise<Uint32Array> {
    await this.#gpu.prepare(magnitudeHistogram);
    const clear = this.#gpu.batch('masks/clear');
    clear.clear(this.#counts, 0, 4 * HISTOGRAM_LENGTH);
    clear.submit();
    for await (const tile of tiles) {
      this.#upload(tile);
      const batch = this.#gpu.batch('masks/count');
      const buffers = { values: this.#values, counts: this.#counts };
      batch.dispatch(magnitudeHistogram, buffers, { count: tile.length, ...digit });
      batch.submit();
      await this.#gpu.guard(this.#gpu.device.queue.onSubmittedWorkDone());
    }
    const batch = this.#gpu.batch('masks/counts');
    const size = 4 * HISTOGRAM_LENGTH;
    batch.copy({ buffer: this.#counts, offset: 0, size }, this.#readBack, 0);
    batch.submit();
    return this.#read(size);
  }

  forgetTies(): void {
    this.#gpu.device.queue.writeBuffer(this.#tieTotal, 0, Uint32Array.of(0));
  }

  async mask(tile: Tile, threshold: MagnitudeThreshold): Promise<PruneMask> {
    const kernels = [tieCounts, scanCounts, pruneMask, sumPartials];
    await Promise.all(kernels.map((kernel) => this.#gpu.prepare(kernel)));
    this.#upload(tile);
    const values = this.#values;
    const params = { count: tile.length, ...threshold };
    const words = Math.ceil(tile.length / 32);
    const batch = this.#gpu.batch('masks/mask');
    batch.dispatch(tieCounts, { values, counts: this.#ties }, params);
    batch.dispatch(scanCounts, { counts: this.#ties, total: this.#tieTotal }, { count: words });
    batch.dispatch(
      pruneMask,
      { values, tiesBefore: this.#ties, mask: this.#mask, partials: this.#partials },
      params,
    );
    return await this.#result(batch, tile.length);
  }

  async nOfM(
    tile: Tile,
    shape: AxisShape,
    { n, m }: { readonly n: number; readonly m: number },
  ): Promise<PruneMask & { readonly nonFinite: number }> {
    await Promise.all([this.#gpu.prepare(nOfMMask), this.#gpu.prepare(sumPartials)]);
    this.#upload(tile);
    const batch = this.#gpu.batch('masks/n-of-m');
    batch.clear(this.#faults, 0, 4);
    batch.dispatch(
      nOfMMask,
      ...([
        { values: this.#values, mask: this.#mask, partials: this.#partials, faults: this.#faults },
        { count: tile.length, ...shape, keep: n, groupSize: m },
      ] as const),
    );
    return await this.#result(batch, tile.length);
  }

  [Symbol.dispose](): void {
    for (const buffer of [
      ...[this.#values, this.#counts, this.#ties, this.#tieTotal, this.#mask],
      ...[this.#partials, this.#sums, this.#faults, this.#readBack],
    ]) {
      buffer.destroy();
    }
  }

  #upload(tile: Tile): void {
    this.#gpu.device.queue.writeBuffer(this.#values, 0, tile);
  }

  /** Submits `batch` and what brings the mask back. */
  async #result(batch: Batch, elements: number) {
    const words = Math.ceil(elements / 32);
    const groups = Math.min(MAX_SUMS, words);
    const [maskBytes, sumBytes] = [4 * words, 16 * groups];
    const buffers = { partials: this.#partials, sums: this.#sums };
    batch.dispatch(sumPartials, buffers, { count: words, groups });
    batch.copy({ buffer: this.#mask, offset: 0, size: maskBytes }, this.#readBack, 0);
    batch.copy({ buffer: this.#sums, offset: 0, size: sumBytes }, this.#readBack, maskBytes);
    const end = maskBytes + sumBytes;
    batch.copy({ buffer: this.#faults, offset: 0, size: 4 }, this.#readBack, end);
    batch.submit();
    const read = await this.#read(end + 4);
    const sums = new Float32Array(read.buffer, maskBytes, 4 * groups);
    const errors = { sumSquares: 0, sumSquaredError: 0, maxAbsError: 0 };
    for (let i = 0; i < sums.length; i += 4) {
      errors.sumSquares += sums[i] as number;
      errors.sumSquaredError += sums[i + 1] as number;
      errors.maxAbsError = Math.max(errors.maxAbsError, sums[i + 2] as number);
    }
    const mask = new Uint8Array(read.buffer, 0, Math.ceil(elements / 8));
    return { mask, errors, nonFinite: read.at(-1) as number };
  }

  async #read(byteLength: number): Promise<Uint32Array<ArrayBuffer>> {
    await this.#gpu.guard(this.#readBack.mapAsync(GPUMapMode.READ, 0, byteLength));
    const words = new Uint32Array(this.#readBack.getMappedRange(0, byteLength)).slice();
    this.#readBack.unmap();
    return words;
  }
}
