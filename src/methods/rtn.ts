/**
 * Round-to-nearest quantization of weights on the GPU. Streams a list of weights in tiles: while the
 * device works on one, the next is read and the one before is copied out. Memory is bounded by the
 * staging rings and the results; nothing awaits the device between submissions.
 */
import { assert } from '../core/assert.ts';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { RunOptions } from './executor.ts';
import type { QuantizeJob } from './quantize-job.ts';
import { failureOf, isOfOneWeight } from './quantize-job.ts';
import { maxTileElements, prepareKernels, tileOutput } from './rtn-device.ts';
import { RtnLanes } from './rtn-lanes.ts';
import { type Running, type Step, stepsOf } from './rtn-steps.ts';
import { smallestTile, type Tile } from './rtn-tiles.ts';
import { widenRows } from './widen-rows.ts';

export interface RtnOptions {
  /** Elements of a tile; more where one row of blocks is longer. */
  readonly tileElements?: number;
  /** Bytes of a tile at most; by default what one binding of the device may hold. */
  readonly maxTileBytes?: number;
  /** Tiles on their way at a time. */
  readonly depth?: number;
}

const TILE_ELEMENTS = 2 ** 21; // 8 MB: enough to fill a GPU, little enough to overlap
const DEPTH = 3;

export class RtnPipeline implements Disposable {
  readonly #gpu: Gpu;
  readonly #limit: number;
  readonly #tileElements: number;
  readonly #depth: number;
  #lanes: RtnLanes | null = null;

  constructor(gpu: Gpu, options: RtnOptions = {}) {
    const { tileElements = TILE_ELEMENTS, maxTileBytes, depth = DEPTH } = options;
    this.#gpu = gpu;
    this.#limit = maxTileElements(gpu.device, maxTileBytes);
    this.#tileElements = tileElements;
    this.#depth = depth;
  }

  /** Compiles what `specs` need and takes the memory; `run` does it too, later. */
  async prepare(specs: readonly QuantizeSpec[]): Promise<void> {
    const wanted = Math.max(this.#tileElements, ...specs.map(smallestTile));
    const elements = Math.min(wanted, this.#limit);
    if (!this.#lanes || this.#lanes.maxElements < elements) {
      this.#lanes?.[Symbol.dispose]();
      this.#lanes = new RtnLanes(this.#gpu, elements, this.#depth);
    }
    await Promise.all(specs.map((spec) => prepareKernels(this.#gpu, spec)));
  }

  /**
   * Quantizes every job. A weight that cannot be quantized fails by itself.
   * @throws device-lost, out-of-memory, gpu-failed; the signal's reason when it aborts, checked
   *   before each tile
   */
  async run(jobs: readonly QuantizeJob[], options: RunOptions): Promise<void> {
    const { signal } = options;
    await this.prepare(jobs.map(({ spec }) => spec));
    const lanes = this.#lanes;
    assert(lanes, 'prepared');
    const ends: Promise<void>[] = [];
    let last: Promise<void> = Promise.resolve();
    const ahead: Step[] = [];
    const steps = stepsOf(jobs, lanes.maxElements);
    try {
      for (;;) {
        while (ahead.length < this.#depth) {
          const { value } = steps.next();
          if (!value) break;
          ahead.push(value);
        }
        const step = ahead.shift();
        if (!step) break;
        signal.throwIfAborted();
        await this.#submit(step, lanes, options);
        if (step.isLast) {
          const before = last;
          last = this.#end(step.running, before, options);
          last.catch(() => {}); // awaited below, in order
          ends.push(last);
          await ends.at(-1 - this.#depth); // results must not pile up before whoever takes them
        }
      }
      await Promise.all(ends);
      signal.throwIfAborted();
    } finally {
      await Promise.allSettled(ends);
    }
  }

  [Symbol.dispose](): void {
    this.#lanes?.[Symbol.dispose]();
  }

  async #submit(
    { running, tile, bytes }: Step,
    lanes: RtnLanes,
    { onProgress }: RunOptions,
  ): Promise<void> {
    if (running.failure || !tile || !bytes) return;
    const { job, tiles, result } = running;
    const { name, dtype } = job.source;
    const { spec } = job;
    let source: ArrayBuffer;
    try {
      source = await bytes;
    } catch (error) {
      if (!isOfOneWeight(error)) throw error;
      running.failure = error;
      return;
    }
    const weight = await lanes.uploads.take(4 * tile.rows * tile.columns);
    const target = new Uint32Array(weight.getMappedRange(0, 4 * tile.rows * tile.columns));
    widenRows(
      dtype,
      source,
      target,
      spec.transposed
        ? {
            ...{ rows: tile.validColumns, rowLength: spec.K },
            ...{ paddedRows: tile.columns, stride: tile.rows },
          }
        : {
            ...{ rows: tile.validRows, rowLength: spec.N },
            ...{ paddedRows: tile.rows, stride: tile.columns },
          },
    );
    weight.unmap();
    const output = tileOutput(spec, tile);
    const readBack = tile.does.codes ? await lanes.readBacks.take(output.byteLength) : null;
    lanes.device.submit(name, spec, tile, weight, readBack);
    lanes.uploads.give(weight);
    if (!readBack) return;
    const returned = lanes.readBacks
      .read(readBack, output.byteLength, (mapped) => result.add(tile, output, mapped))
      .then(() => {
        lanes.readBacks.give(readBack);
        running.returnedCount += 1;
        onProgress?.(running.index, running.returnedCount / tiles.filter(makesCodes).length);
      });
    returned.catch(() => {}); // awaited when the job ends
    running.returned.push(returned);
  }

  /** Reports a job once its tiles are back and the jobs before it are reported. */
  async #end(running: Running, before: Promise<void>, { onOutcome }: RunOptions): Promise<void> {
    await Promise.all(running.returned);
    const failure = running.failure ?? (await failureOf(running.job, running.result.faults));
    await before;
    await onOutcome(
      running.index,
      failure
        ? { quantized: null, failure }
        : { quantized: running.result.finish(), failure: null },
    );
  }
}

const makesCodes = ({ does }: Tile) => does.codes;
