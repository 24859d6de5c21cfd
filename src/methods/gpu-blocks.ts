/** Levels fitted by kernels, a tile of a weight's rows at a time. */
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { DeviceBuffers } from '../gpu/device-buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { AnyKernel } from '../gpu/kernel.ts';
import { hqqBlocks } from '../kernels/hqq-blocks.ts';
import { hqqZeros } from '../kernels/hqq-zeros.ts';
import { kQuantBlocks } from '../kernels/k-quant-blocks.ts';
import { nearestEntries } from '../kernels/nearest-entries.ts';
import { HQQ_ITERATIONS } from '../reference/hqq.ts';
import { middlesOf } from '../reference/nearest-entries.ts';
import type { SettledBlocks } from '../reference/settled-blocks.ts';
import {
  type BlockDevice,
  type GroupShape,
  groupCount,
  groupShapeOf,
  hqqSpecOf,
  type PaletteShape,
} from './block-device.ts';
import { SettledTiles } from './settled-tiles.ts';
import { settlingKernels, TileSettling } from './tile-settling.ts';

type Values = Float32Array<ArrayBuffer>;

/** 16 MB, and at most as much again of twenty zeros a group of 16. */
const TILE_ELEMENTS = 2 ** 22;

interface Tile {
  readonly values: Values;
  readonly firstValue: number;
  readonly firstGroup: number;
  readonly groups: number;
}

export class GpuBlocks implements BlockDevice {
  readonly #gpu: Gpu;
  readonly #buffers: DeviceBuffers;
  readonly #tileElements: number;

  constructor(gpu: Gpu, tileElements = TILE_ELEMENTS) {
    this.#gpu = gpu;
    this.#buffers = new DeviceBuffers(gpu, 'blocks');
    this.#tileElements = tileElements;
  }

  async settle(
    kind: 'hqq' | 'k-quant',
    weight: Values,
    spec: QuantizeSpec,
    signal: AbortSignal,
  ): Promise<SettledBlocks> {
    const shape = groupShapeOf(spec);
    await this.#prepare(...(kind === 'hqq' ? [hqqZeros, hqqBlocks] : [kQuantBlocks]));
    await this.#prepare(...settlingKernels(spec));
    const start = kind === 'hqq' ? await this.#zeros(weight, shape, signal) : null;
    const settled = new SettledTiles(spec);
    for (const tile of this.#tiles(weight, shape)) {
      signal.throwIfAborted();
      const { values, firstGroup, groups } = tile;
      const end = firstGroup + groups;
      const params = { groups, ...shape };
      using source = this.#buffers.uploaded('input', values);
      using steps = start && this.#buffers.uploaded('input', start.steps.subarray(firstGroup, end));
      using zeros = start && this.#buffers.uploaded('input', start.zeros.subarray(firstGroup, end));
      using settling = new TileSettling(this.#gpu, spec, params, values.length);
      const batch = this.#gpu.batch('blocks/settle');
      const found = { weight: source, blocks: settling.found };
      if (steps && zeros) batch.dispatch(hqqBlocks, { ...found, steps, zeros }, params);
      else batch.dispatch(kQuantBlocks, found, params);
      settling.record(batch, source);
      batch.submit();
      await this.#buffers.read(settling.output, (bytes) =>
        settled.add(tile, settling.results(bytes)),
      );
    }
    return settled.finish();
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
    using middles = this.#buffers.uploaded('input', between);
    for (let first = 0; first < values.length; first += this.#tileElements) {
      signal.throwIfAborted();
      const own = values.subarray(first, first + this.#tileElements);
      using source = this.#buffers.uploaded('input', own);
      using packed = this.#buffers.empty('output', 4 * Math.ceil(own.length / 4));
      const params = { count: own.length, first, size, channels, inner, sharing };
      await this.#gpu.run(nearestEntries, { values: source, middles, codes: packed }, params);
      await this.#buffers.read(packed, (found) =>
        codes.set(new Uint8Array(found, 0, own.length), first),
      );
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
      using source = this.#buffers.uploaded('input', values);
      using ownSteps = this.#buffers.empty('output', 4 * groups);
      using zeros = this.#buffers.empty('output', 4 * groups * iterations);
      using errors = this.#buffers.empty('output', 4 * groups * iterations);
      const buffers = { weight: source, steps: ownSteps, zeros, errors };
      await this.#gpu.run(hqqZeros, buffers, { groups, ...shape, roundZero, iterations });
      await this.#buffers.read(ownSteps, (found) => steps.set(new Float32Array(found), firstGroup));
      history.push({
        tile,
        zeros: await this.#buffers.read(zeros, (found) => new Float32Array(found.slice())),
      });
      await this.#buffers.read(errors, (found) => addByIteration(sums, new Float32Array(found)));
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
      const firstValue = row * rowLength;
      const values = weight.subarray(firstValue, firstValue + rows * rowLength);
      const groups = (values.length / rowLength) * rowGroups;
      yield { values, firstValue, firstGroup: row * rowGroups, groups };
    }
  }

  async #prepare(...kernels: readonly AnyKernel[]): Promise<void> {
    await Promise.all(kernels.map((kernel) => this.#gpu.prepare(kernel)));
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
