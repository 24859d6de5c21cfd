import { elementCount } from '../core/shape.ts';
import { HISTOGRAM_LENGTH, magnitudeHistogram } from '../reference/magnitude-histogram.ts';
import type { MagnitudeDigit, MagnitudeThreshold } from '../reference/magnitude-search.ts';
import { type AxisShape, nOfMMask } from '../reference/n-of-m-mask.ts';
import { type PruneMask, pruneMask } from '../reference/prune-mask.ts';
import { breathe } from './breathe.ts';
import { MaskResult } from './mask-result.ts';
import { axisTiles, flatTiles } from './prune-tiles.ts';
import type { NOfM, PruningDevice } from './pruning-device.ts';
import { readElements } from './read-values.ts';
import type { WeightSource } from './weight-source.ts';

/** Some ten milliseconds of work. */
const CHUNK = 2 ** 18;

/** The reference on this thread; lets messages in between pieces. */
export class CpuPruning implements PruningDevice {
  readonly #chunk: number;

  constructor(chunk = CHUNK) {
    this.#chunk = chunk;
  }

  async countDigits(source: WeightSource, digit: MagnitudeDigit, signal: AbortSignal) {
    const counts = new Uint32Array(HISTOGRAM_LENGTH);
    for (const { first, count } of flatTiles(elementCount(source.dims), this.#chunk)) {
      const { buffer } = await readElements(source, first, count);
      magnitudeHistogram(new Uint32Array(buffer), digit, counts);
      await breathe(signal);
    }
    return counts;
  }

  async markBelow(
    source: WeightSource,
    threshold: MagnitudeThreshold,
    tiesBefore: number,
    signal: AbortSignal,
  ): Promise<PruneMask> {
    const length = elementCount(source.dims);
    const result = new MaskResult(length);
    let seen = tiesBefore;
    for (const { first, count } of flatTiles(length, this.#chunk)) {
      const values = await readElements(source, first, count);
      const { mask, errors, tiesSeen } = pruneMask(values, threshold, seen);
      seen = tiesSeen;
      result.add(first, count, mask, errors);
      await breathe(signal);
    }
    return result.finish();
  }

  async markNOfM(source: WeightSource, shape: AxisShape, rule: NOfM, signal: AbortSignal) {
    const length = elementCount(source.dims);
    const result = new MaskResult(length);
    let nonFinite = 0;
    for (const tile of axisTiles(length, shape, rule.m, this.#chunk)) {
      const values = await readElements(source, tile.first, tile.count);
      nonFinite += values.reduce((sum, value) => sum + Number(!Number.isFinite(value)), 0);
      const own = { axisLength: tile.axisLength, inner: shape.inner };
      if (nonFinite === 0) {
        const { mask, errors } = nOfMMask(values, own, rule);
        result.add(tile.first, tile.count, mask, errors);
      }
      await breathe(signal);
    }
    return { ...result.finish(), nonFinite };
  }
}
