import { type QuantizeSpec, quantizedLayout } from '../core/quantize-spec.ts';
import type { SettledBlocks } from '../reference/settled-blocks.ts';
import type { TileResults } from './tile-settling.ts';

/** Where a tile lies in its weight. */
interface Place {
  readonly values: { readonly length: number };
  readonly firstValue: number;
  readonly firstGroup: number;
  readonly groups: number;
}

/** The blocks of a weight from the results of its tiles. */
export class SettledTiles {
  readonly #codes: Uint8Array<ArrayBuffer>;
  readonly #scales: Float32Array;
  readonly #scaleBits: Uint32Array;
  readonly #zeroPoints: Uint8Array;
  #solved = 0;
  #infiniteScales = 0;
  #sumSquares = 0;
  #sumSquaredError = 0;
  #maxAbsError = 0;

  constructor(spec: QuantizeSpec) {
    const blocks = spec.N * quantizedLayout(spec).blockCount;
    this.#codes = new Uint8Array(spec.N * spec.K);
    this.#scales = new Float32Array(blocks);
    this.#scaleBits = new Uint32Array(this.#scales.buffer);
    this.#zeroPoints = new Uint8Array(blocks);
  }

  add(
    { values, firstValue, firstGroup, groups }: Place,
    { codes, kept, errors }: TileResults,
  ): void {
    this.#codes.set(codes.subarray(0, values.length), firstValue);
    for (let g = 0; g < groups; g++) {
      const at = firstGroup + g;
      this.#scaleBits[at] = kept[2 * g] as number;
      this.#zeroPoints[at] = kept[2 * g + 1] as number;
      if (!Number.isFinite(this.#scales[at])) this.#infiniteScales += 1;
      this.#sumSquares += errors[4 * g] as number;
      this.#sumSquaredError += errors[4 * g + 1] as number;
      this.#maxAbsError = Math.max(this.#maxAbsError, errors[4 * g + 2] as number);
      this.#solved += errors[4 * g + 3] as number;
    }
  }

  finish(): SettledBlocks {
    const sumSquares = this.#sumSquares;
    const sumSquaredError = this.#sumSquaredError;
    return {
      ...{ codes: this.#codes, scales: this.#scales, zeroPoints: this.#zeroPoints },
      ...{ solved: this.#solved, infiniteScales: this.#infiniteScales },
      errors: { sumSquares, sumSquaredError, maxAbsError: this.#maxAbsError },
    };
  }
}
