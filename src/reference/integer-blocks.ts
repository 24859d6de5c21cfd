/**
 * CPU definition of `shaders/settle-blocks.wgsl`: codes of blocks whose scale and zero point a solver
 * has found, beside plain rounding of the same blocks. Each block keeps what has the smaller squared
 * error.
 */
import { float16Bits, float16Value } from '../core/float16.ts';
import { type QuantizeSpec, quantizedLayout } from '../core/quantize-spec.ts';
import {
  type Block,
  blockCodes,
  largestError,
  nearestCodes,
  rangeOf,
  squaredError,
  squaresOf,
} from './block-codes.ts';
import { type BlockParameters, blockParameters } from './block-parameters.ts';
import type { SettledBlocks } from './settled-blocks.ts';

/** The blocks of a weight, channel by channel; each is settled once. */
export class SolvedBlocks {
  /** Blocks of the weight. */
  readonly count: number;
  readonly #weight: Float32Array;
  readonly #spec: QuantizeSpec;
  readonly #blockSize: number;
  readonly #blockCount: number;
  readonly #codes: Uint8Array<ArrayBuffer>;
  readonly #plainCodes: Uint8Array;
  readonly #scales: Float32Array;
  readonly #zeroPoints: Uint8Array;
  readonly #errors = { sumSquares: 0, sumSquaredError: 0, maxAbsError: 0 };
  #solved = 0;
  #infiniteScales = 0;

  /**
   * - `weight` — float32 [N, K], finite
   * - `spec` — asymmetric; of a weight that lies [N, K], whatever `spec.transposed` says
   */
  constructor(weight: Float32Array, spec: QuantizeSpec) {
    const { K, N } = spec;
    const { blockSize, blockCount } = quantizedLayout(spec);
    this.count = N * blockCount;
    this.#weight = weight;
    this.#spec = spec;
    this.#blockSize = blockSize;
    this.#blockCount = blockCount;
    this.#codes = new Uint8Array(N * K);
    this.#plainCodes = new Uint8Array(blockSize);
    this.#scales = new Float32Array(this.count);
    this.#zeroPoints = new Uint8Array(this.count);
  }

  block(index: number): Block {
    const { K } = this.#spec;
    const first = (index % this.#blockCount) * this.#blockSize;
    const row = Math.floor(index / this.#blockCount) * K;
    const end = row + Math.min(K, first + this.#blockSize);
    return { values: this.#weight, start: row + first, end };
  }

  /** - `found` — a finite scale that is not 0, before it is stored, and an integer zero point */
  settle(index: number, found: BlockParameters): void {
    const spec = this.#spec;
    const block = this.block(index);
    const { start } = block;
    const own = asStored(found, spec);
    nearestCodes(spec.bits, own, block, this.#codes, start);
    const error = squaredError(own, block, this.#codes, start);
    const { low, high } = rangeOf(block);
    const plain = blockParameters(spec, low, high);
    blockCodes(spec, plain, block, this.#plainCodes, 0);
    const plainError = squaredError(plain, block, this.#plainCodes, 0);
    const isSolved = error < plainError;
    if (isSolved) {
      this.#solved += 1;
    } else {
      for (let i = start, from = 0; i < block.end; i++, from++) {
        this.#codes[i] = this.#plainCodes[from]!;
      }
    }
    const kept = isSolved ? own : plain;
    this.#scales[index] = kept.scale;
    this.#zeroPoints[index] = kept.zeroPoint;
    if (!Number.isFinite(kept.scale)) this.#infiniteScales += 1;
    const errors = this.#errors;
    errors.sumSquaredError += isSolved ? error : plainError;
    errors.maxAbsError = Math.max(
      errors.maxAbsError,
      largestError(kept, block, this.#codes, start),
    );
    errors.sumSquares += squaresOf(block);
  }

  finish(): SettledBlocks {
    return {
      ...{ codes: this.#codes, scales: this.#scales, zeroPoints: this.#zeroPoints },
      ...{ solved: this.#solved, infiniteScales: this.#infiniteScales, errors: this.#errors },
    };
  }
}

function asStored(
  { scale, zeroPoint }: BlockParameters,
  { scaleType }: QuantizeSpec,
): BlockParameters {
  const stored = scaleType === 'float16' ? float16Value(float16Bits(scale)) : Math.fround(scale);
  return { scale: stored, zeroPoint };
}
