/** Pruning's passes on the GPU: a weight streams through in tiles, read one ahead. */
import type { ErrorStatistics } from '../core/quantize-spec.ts';
import { elementCount } from '../core/shape.ts';
import { StudioError } from '../core/studio-error.ts';
import type { Batch } from '../gpu/batch.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { magnitudeHistogram } from '../kernels/magnitude-histogram.ts';
import { nOfMMask } from '../kernels/n-of-m-mask.ts';
import { pruneMask } from '../kernels/prune-mask.ts';
import { scanCounts } from '../kernels/scan-counts.ts';
import { MAX_SUMS, sumPartials } from '../kernels/sum-partials.ts';
import { tieCounts } from '../kernels/tie-counts.ts';
import { HISTOGRAM_LENGTH } from '../reference/magnitude-histogram.ts';
import type { MagnitudeDigit, MagnitudeThreshold } from '../reference/magnitude-search.ts';
import type { AxisShape } from '../reference/n-of-m-mask.ts';
import type { PruneMask } from '../reference/prune-mask.ts';
import { addErrors, NO_ERRORS } from './errors.ts';
import { MaskResult } from './mask-result.ts';
import { PruneLanes } from './prune-lanes.ts';
import { axisTiles, flatTiles, type PruneTile, smallestAxisTile } from './prune-tiles.ts';
import type { NOfM, PruningDevice } from './pruning-device.ts';
import { maxTileElements } from './rtn-device.ts';
import { SOURCE_BYTES, type WeightSource } from './weight-source.ts';
import { widenRows } from './widen-rows.ts';

const TILE_ELEMENTS = 2 ** 21;

export class GpuPruning implements PruningDevice, Disposable {
  readonly #gpu: Gpu;
  readonly #tileElements: number;
  readonly #limit: number;
  #lanes: PruneLanes | null = null;

  constructor(gpu: Gpu, tileElements = TILE_ELEMENTS) {
    this.#gpu = gpu;
    this.#limit = maxTileElements(gpu.device);
    this.#tileElements = Math.min(tileElements, this.#limit);
  }

  async countDigits(source: WeightSource, digit: MagnitudeDigit, signal: AbortSignal) {
    await this.#gpu.prepare(magnitudeHistogram);
    const lanes = this.#lanesFor(this.#tileElements);
    const { values, counts } = lanes;
    this.#submit('clear counts', (batch) => batch.clear(counts, 0, 4 * HISTOGRAM_LENGTH));
    const tiles = flatTiles(elementCount(source.dims), this.#tileElements);
    await this.#stream(source, tiles, lanes, signal, ({ count }, batch) => {
      batch.dispatch(magnitudeHistogram, { values, counts }, { count, ...digit });
      batch.submit();
    });
    const back = await lanes.readBacks.take(4 * HISTOGRAM_LENGTH);
    this.#submit('read counts', (batch) =>
      batch.copy({ buffer: counts, offset: 0, size: 4 * HISTOGRAM_LENGTH }, back, 0),
    );
    let result = new Uint32Array(0);
    await lanes.readBacks.read(back, 4 * HISTOGRAM_LENGTH, (bytes) => {
      result = new Uint32Array(bytes.slice(0));
    });
    lanes.readBacks.give(back);
    return result;
  }

  async markBelow(
    source: WeightSource,
    { threshold, ties }: MagnitudeThreshold,
    tiesBefore: number,
    signal: AbortSignal,
  ): Promise<PruneMask> {
    await this.#prepare(tieCounts, scanCounts, pruneMask);
    const lanes = this.#lanesFor(this.#tileElements);
    const { values, tieCounts: counts, total, mask, partials } = lanes;
    this.#gpu.device.queue.writeBuffer(total, 0, Uint32Array.of(tiesBefore));
    const tiles = flatTiles(elementCount(source.dims), this.#tileElements);
    const { result } = await this.#mark(source, tiles, lanes, signal, ({ count }, batch) => {
      batch.dispatch(tieCounts, { values, counts }, { count, threshold });
      batch.dispatch(scanCounts, { counts, total }, { count: Math.ceil(count / 32) });
      const buffers = { values, tiesBefore: counts, mask, partials };
      batch.dispatch(pruneMask, buffers, { count, threshold, ties });
    });
    return result;
  }

  async markNOfM(source: WeightSource, shape: AxisShape, { n, m }: NOfM, signal: AbortSignal) {
    const smallest = smallestAxisTile(shape, m);
    if (smallest > this.#limit) {
      throw new StudioError(
        'too-large',
        `${source.name} has groups of ${m} rows of ${shape.inner} elements; this GPU takes at most ` +
          `${this.#limit} elements at a time. Leave it alone.`,
      );
    }
    await this.#prepare(nOfMMask);
    const limit = Math.max(smallest, this.#tileElements);
    const lanes = this.#lanesFor(limit);
    const { values, mask, partials, faults } = lanes;
    this.#submit('clear faults', (batch) => batch.clear(faults, 0, 4));
    const tiles = axisTiles(elementCount(source.dims), shape, m, limit);
    const { result, faultCount } = await this.#mark(source, tiles, lanes, signal, (tile, batch) => {
      const { count, axisLength } = tile;
      const params = { count, axisLength, inner: shape.inner, keep: n, groupSize: m };
      batch.dispatch(nOfMMask, { values, mask, partials, faults }, params);
    });
    return { ...result, nonFinite: faultCount };
  }

  [Symbol.dispose](): void {
    this.#lanes?.[Symbol.dispose]();
  }

  /** Runs `mark` on every tile and puts the masks together; faults are those after the last one. */
  async #mark(
    source: WeightSource,
    tiles: readonly PruneTile[],
    lanes: PruneLanes,
    signal: AbortSignal,
    mark: (tile: PruneTile, batch: Batch) => void,
  ): Promise<{ readonly result: PruneMask; readonly faultCount: number }> {
    const { mask, partials, sums, faults, readBacks } = lanes;
    const result = new MaskResult(elementCount(source.dims));
    const returned: Promise<void>[] = [];
    let faultCount = 0;
    try {
      await this.#stream(source, tiles, lanes, signal, async (tile, batch) => {
        const words = Math.ceil(tile.count / 32);
        const groups = Math.min(MAX_SUMS, Math.ceil(words / 64));
        const layout = { mask: 4, sums: 4 + 4 * words, end: 4 + 4 * words + 16 * groups };
        const back = await readBacks.take(layout.end);
        mark(tile, batch);
        batch.dispatch(sumPartials, { partials, sums }, { count: words, groups });
        batch.copy({ buffer: faults, offset: 0, size: 4 }, back, 0);
        batch.copy({ buffer: mask, offset: 0, size: 4 * words }, back, layout.mask);
        batch.copy({ buffer: sums, offset: 0, size: 16 * groups }, back, layout.sums);
        batch.submit();
        const read = readBacks.read(back, layout.end, (bytes) => {
          faultCount = Math.max(faultCount, new Uint32Array(bytes, 0, 1)[0] ?? 0);
          const errors = sumsOf(new Float32Array(bytes, layout.sums, 4 * groups));
          result.add(tile.first, tile.count, new Uint8Array(bytes, layout.mask, 4 * words), errors);
        });
        const done = read.then(() => readBacks.give(back));
        done.catch(() => {}); // awaited below
        returned.push(done);
      });
      await Promise.all(returned);
    } finally {
      await Promise.allSettled(returned);
    }
    return { result: result.finish(), faultCount };
  }

  /** Uploads tile after tile for `work`, which submits the batch; reads one tile ahead. */
  async #stream(
    source: WeightSource,
    tiles: readonly PruneTile[],
    { values, uploads }: PruneLanes,
    signal: AbortSignal,
    work: (tile: PruneTile, batch: Batch) => void | Promise<void>,
  ): Promise<void> {
    const width = SOURCE_BYTES[source.dtype];
    const begin = (tile: PruneTile | undefined) => {
      if (!tile) return null;
      const bytes = source.read(width * tile.first, width * (tile.first + tile.count));
      bytes.catch(() => {}); // awaited when the tile's turn comes
      return bytes;
    };
    let next = begin(tiles[0]);
    for (const [index, tile] of tiles.entries()) {
      signal.throwIfAborted();
      const bytes = await next;
      next = begin(tiles[index + 1]);
      if (!bytes) return;
      const size = 4 * Math.ceil(tile.count / 4) * 4;
      const staging = await uploads.take(size);
      const words = new Uint32Array(staging.getMappedRange(0, size));
      const shape = { rows: 1, rowLength: tile.count, paddedRows: 1, stride: size / 4 };
      widenRows(source.dtype, bytes, words, shape);
      staging.unmap();
      const batch = this.#gpu.batch(source.name);
      batch.copy({ buffer: staging, offset: 0, size }, values, 0);
      await work(tile, batch);
      uploads.give(staging);
    }
  }

  #submit(label: string, record: (batch: Batch) => void): void {
    const batch = this.#gpu.batch(label);
    record(batch);
    batch.submit();
  }

  async #prepare(...kernels: Parameters<Gpu['prepare']>[0][]): Promise<void> {
    await Promise.all([sumPartials, ...kernels].map((kernel) => this.#gpu.prepare(kernel)));
  }

  #lanesFor(elements: number): PruneLanes {
    if (!this.#lanes || this.#lanes.maxElements < elements) {
      this.#lanes?.[Symbol.dispose]();
      this.#lanes = new PruneLanes(this.#gpu, Math.ceil(elements / 4) * 4);
    }
    return this.#lanes;
  }
}

function sumsOf(sums: Float32Array): ErrorStatistics {
  let errors = NO_ERRORS;
  for (let i = 0; i < sums.length; i += 4) {
    const [sumSquares = 0, sumSquaredError = 0, maxAbsError = 0] = sums.subarray(i, i + 3);
    errors = addErrors(errors, { sumSquares, sumSquaredError, maxAbsError });
  }
  return errors;
}
