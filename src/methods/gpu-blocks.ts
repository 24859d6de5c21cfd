/** Levels fitted by kernels, a tile of a weight's rows at a time. */
import type { Gpu, OwnedBuffer } from '../gpu/gpu.ts';
import type { AnyKernel } from '../gpu/kernel.ts';
import { hqqBlocks } from '../kernels/hqq-blocks.ts';
import { hqqZeros } from '../kernels/hqq-zeros.ts';
import { kQuantBlocks } from '../kernels/k-quant-blocks.ts';
import { nearestEntries } from '../kernels/nearest-entries.ts';
import { HQQ_ITERATIONS } from '../reference/hqq.ts';
import { middlesOf } from '../reference/nearest-entries.ts';
import {
  type BlockDevice,
  type GroupShape,
  groupCount,
  hqqSpecOf,
  type PaletteShape,
  type SolvedGroups,
} from './block-device.ts';

type Values = Float32Array<ArrayBuffer>;

/** 16 MB: what a device of the least limits binds, with room for twenty zeros a group. */
const TILE_ELEMENTS = 2 ** 22;

interface Tile {
  readonly values: Values;
  readonly firstGroup: number;
  readonly groups: number;
}

export class GpuBlocks implements BlockDevice {
  readonly #gpu: Gpu;
  readonly #tileElements: number;

  constructor(gpu: Gpu, tileElements = TILE_ELEMENTS) {
    this.#gpu = gpu;
    this.#tileElements = tileElements;
  }

  async solve(
    kind: 'hqq' | 'k-quant',
    weight: Values,
    shape: GroupShape,
    signal: AbortSignal,
  ): Promise<SolvedGroups> {
    await this.#prepare(...(kind === 'hqq' ? [hqqZeros, hqqBlocks] : [kQuantBlocks]));
    const start = kind === 'hqq' ? await this.#zeros(weight, shape, signal) : null;
    const total = groupCount(weight, shape);
    const scales = new Float32Array(total);
    const zeroPoints = new Float32Array(total);
    for (const { values, firstGroup, groups } of this.#tiles(weight, shape)) {
      signal.throwIfAborted();
      using source = this.#upload(values);
      using blocks = this.#output(8 * groups);
      const params = { groups, ...shape };
      const end = firstGroup + groups;
      if (start) {
        using steps = this.#upload(start.steps.subarray(firstGroup, end));
        using zeros = this.#upload(start.zeros.subarray(firstGroup, end));
        await this.#gpu.run(hqqBlocks, { weight: source, steps, zeros, blocks }, params);
      } else {
        await this.#gpu.run(kQuantBlocks, { weight: source, blocks }, params);
      }
      await this.#read(blocks, (found) => {
        const pairs = new Float32Array(found);
        for (let g = 0; g < groups; g++) {
          scales[firstGroup + g] = pairs[2 * g] as number;
          zeroPoints[firstGroup + g] = pairs[2 * g + 1] as number;
        }
      });
    }
    return { scales, zeroPoints };
  }

  async nearest(
    values: Values,
    entries: Values,
    { channels, inner, sharing, size }: PaletteShape,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    await this.#prepare(nearestEntries);
    const codes = new Uint8Array(values.length);
    const between = new Float32Array((entries.length / size) * (size - 1));
    for (let from = 0, to = 0; from < entries.length; from += size, to += size - 1) {
      between.set(middlesOf(entries.subarray(from, from + size)), to);
    }
    using middles = this.#upload(between);
    for (let first = 0; first < values.length; first += this.#tileElements) {
      signal.throwIfAborted();
      const own = values.subarray(first, first + this.#tileElements);
      using source = this.#upload(own);
      using packed = this.#output(4 * Math.ceil(own.length / 4));
      const params = { count: own.length, first, size, channels, inner, sharing };
      await this.#gpu.run(nearestEntries, { values: source, middles, codes: packed }, params);
      await this.#read(packed, (found) => codes.set(new Uint8Array(found, 0, own.length), first));
    }
    return codes;
  }

  /** Zeros after the iteration at which the error of the whole weight no longer falls. */
  async #zeros(weight: Values, shape: GroupShape, signal: AbortSignal) {
    const iterations = HQQ_ITERATIONS;
    const total = groupCount(weight, shape);
    const steps = new Float32Array(total);
    const sums = new Float64Array(iterations);
    const history: { readonly tile: Tile; readonly zeros: Float32Array }[] = [];
    const roundZero = Number(hqqSpecOf(shape).roundZero);
    for (const tile of this.#tiles(weight, shape)) {
      signal.throwIfAborted();
      const { values, firstGroup, groups } = tile;
      using source = this.#upload(values);
      using ownSteps = this.#output(4 * groups);
      using zeros = this.#output(4 * groups * iterations);
      using errors = this.#output(4 * groups * iterations);
      const buffers = { weight: source, steps: ownSteps, zeros, errors };
      await this.#gpu.run(hqqZeros, buffers, { groups, ...shape, roundZero, iterations });
      await this.#read(ownSteps, (found) => steps.set(new Float32Array(found), firstGroup));
      history.push({
        tile,
        zeros: await this.#read(zeros, (found) => new Float32Array(found.slice())),
      });
      await this.#read(errors, (found) => addByIteration(sums, new Float32Array(found)));
    }
    const rises = sums.findIndex((sum, i) => i > 0 && !(sum < (sums[i - 1] as number)));
    const last = rises < 0 ? iterations - 1 : rises;
    const kept = new Float32Array(total);
    for (const { tile, zeros } of history) {
      kept.set(zeros.subarray(last * tile.groups, (last + 1) * tile.groups), tile.firstGroup);
    }
    return { steps, zeros: kept };
  }

  /** Whole rows, at least one. */
  *#tiles(weight: Values, shape: GroupShape): Generator<Tile> {
    const { rowLength, groupSize } = shape;
    const rowGroups = Math.ceil(rowLength / groupSize);
    const rows = Math.max(1, Math.floor(this.#tileElements / rowLength));
    for (let row = 0; row * rowLength < weight.length; row += rows) {
      const values = weight.subarray(row * rowLength, (row + rows) * rowLength);
      const groups = (values.length / rowLength) * rowGroups;
      yield { values, firstGroup: row * rowGroups, groups };
    }
  }

  async #prepare(...kernels: readonly AnyKernel[]): Promise<void> {
    await Promise.all(kernels.map((kernel) => this.#gpu.prepare(kernel)));
  }

  #upload(values: Values): OwnedBuffer {
    const { STORAGE, COPY_DST } = GPUBufferUsage;
    const buffer = this.#gpu.buffer('blocks/input', values.byteLength, STORAGE | COPY_DST);
    this.#gpu.device.queue.writeBuffer(buffer, 0, values);
    return buffer;
  }

  #output(byteLength: number): OwnedBuffer {
    const { STORAGE, COPY_SRC } = GPUBufferUsage;
    return this.#gpu.buffer('blocks/output', byteLength, STORAGE | COPY_SRC);
  }

  /** What `take` makes of the bytes, which are gone afterwards. */
  async #read<T>(buffer: GPUBuffer, take: (bytes: ArrayBuffer) => T): Promise<T> {
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    using staging = this.#gpu.buffer('blocks/read-back', buffer.size, MAP_READ | COPY_DST);
    const batch = this.#gpu.batch('blocks/read-back');
    batch.copy({ buffer, offset: 0, size: buffer.size }, staging, 0);
    batch.submit();
    await this.#gpu.guard(staging.mapAsync(GPUMapMode.READ));
    return take(staging.getMappedRange());
  }
}

/** `errors` — f32 [sums.length, groups] */
function addByIteration(sums: Float64Array, errors: Float32Array): void {
  const groups = errors.length / sums.length;
  for (let iteration = 0, at = 0; iteration < sums.length; iteration++) {
    let sum = sums[iteration] as number;
    for (let group = 0; group < groups; group++, at++) sum += errors[at] as number;
    sums[iteration] = sum;
  }
}
