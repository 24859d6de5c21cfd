/** Where masks are made, tile by tile: the GPU, or this thread. */
import type { ErrorStatistics } from '../core/quantize-spec.ts';
import { HISTOGRAM_LENGTH, magnitudeHistogram } from '../reference/magnitude-histogram.ts';
import type { MagnitudeDigit, MagnitudeThreshold } from '../reference/magnitude-search.ts';
import { type AxisShape, nOfMMask } from '../reference/n-of-m-mask.ts';
import { type PruneMask, pruneMask } from '../reference/prune-mask.ts';

export interface MaskDevice extends Disposable {
  /** Elements of a tile at most, a multiple of 4. */
  readonly maxElements: number;
  /**
   * Counts a digit of the magnitudes of tiles that come one after another.
   * - `tiles` — float32 bits, each at most `maxElements` long
   * - returns — uint32 [2049], see `magnitudeHistogram`
   */
  countDigit(tiles: AsyncIterable<Tile>, digit: MagnitudeDigit): Promise<Uint32Array>;
  /** Forgets the ties that `mask` has seen. */
  forgetTies(): void;
  /** Marks what goes of the next tile; ties count on from the tiles before. */
  mask(tile: Tile, threshold: MagnitudeThreshold): Promise<PruneMask>;
  nOfM(
    tile: Tile,
    shape: AxisShape,
    rule: { readonly n: number; readonly m: number },
  ): Promise<PruneMask & { readonly nonFinite: number }>;
}

/** Float32 bit patterns. */
export type Tile = Uint32Array<ArrayBuffer>;

const TILE_ELEMENTS = 2 ** 20;

/** The reference on this thread; lets messages in after each tile. */
export class CpuMasks implements MaskDevice {
  readonly maxElements: number;
  #tiesSeen = 0;

  constructor(maxElements = TILE_ELEMENTS) {
    this.maxElements = maxElements;
  }

  async countDigit(tiles: AsyncIterable<Tile>, digit: MagnitudeDigit): Promise<Uint32Array> {
    const counts = new Uint32Array(HISTOGRAM_LENGTH);
    for await (const tile of tiles) {
      magnitudeHistogram(tile, digit, counts);
      await messages();
    }
    return counts;
  }

  forgetTies(): void {
    this.#tiesSeen = 0;
  }

  async mask(tile: Tile, threshold: MagnitudeThreshold): Promise<PruneMask> {
    const { mask, errors, tiesSeen } = pruneMask(floatsOf(tile), threshold, this.#tiesSeen);
    this.#tiesSeen = tiesSeen;
    await messages();
    return { mask, errors };
  }

  async nOfM(tile: Tile, shape: AxisShape, rule: { readonly n: number; readonly m: number }) {
    const values = floatsOf(tile);
    const nonFinite = values.filter((value) => !Number.isFinite(value)).length;
    const marked = nOfMMask(values, shape, rule);
    await messages();
    return { ...marked, nonFinite };
  }

  [Symbol.dispose](): void {}
}

const floatsOf = ({ buffer, byteOffset, length }: Tile) =>
  new Float32Array(buffer, byteOffset, length);

const messages = () => new Promise((resolve) => setTimeout(resolve));

/** The errors of two parts together. */
export const joined = (a: ErrorStatistics, b: ErrorStatistics): ErrorStatistics => ({
  sumSquares: a.sumSquares + b.sumSquares,
  sumSquaredError: a.sumSquaredError + b.sumSquaredError,
  maxAbsError: Math.max(a.maxAbsError, b.maxAbsError),
});
