/** Sums over the input vectors of one weight, row by row of the calibration data. */
import { assert } from '../core/assert.ts';
import type { StatisticKind } from '../core/statistic-kind.ts';
import type { InputStatistics } from '../model/statistics.ts';

/** Adds xᵀx of float32 x [count, K] to h [K, K], and gives the sum. */
export type AddGram = (
  h: Float32Array<ArrayBuffer>,
  x: Float32Array<ArrayBuffer>,
  K: number,
) => Promise<Float32Array<ArrayBuffer>>;

/** Vectors that are multiplied at a time: few calls, little memory. */
const CHUNK_VECTORS = 1024;
/** Floats of a chunk at most, for weights with very many inputs. */
const CHUNK_FLOATS = 2 ** 23;

export class Accumulator {
  readonly #K: number;
  readonly #addGram: AddGram | null;
  readonly #sum: Float64Array;
  readonly #sumAbs: Float64Array;
  readonly #sumSquares: Float64Array;
  readonly #min: Float32Array;
  readonly #max: Float32Array;
  #gram: Float32Array<ArrayBuffer> | null;
  #chunk: Float32Array<ArrayBuffer> | null;
  #filled = 0;
  #count = 0;
  #rows = 0;

  /** `addGram` — where products are summed; used for `gram` alone */
  constructor(K: number, kind: StatisticKind, addGram: AddGram) {
    this.#K = K;
    this.#sum = new Float64Array(K);
    this.#sumAbs = new Float64Array(K);
    this.#sumSquares = new Float64Array(K);
    this.#min = new Float32Array(K).fill(Number.POSITIVE_INFINITY);
    this.#max = new Float32Array(K).fill(Number.NEGATIVE_INFINITY);
    this.#addGram = kind === 'gram' ? addGram : null;
    this.#gram = this.#addGram && new Float32Array(K * K);
    const vectors = Math.max(1, Math.min(CHUNK_VECTORS, Math.floor(CHUNK_FLOATS / K)));
    this.#chunk = this.#addGram && new Float32Array(vectors * K);
  }

  /** `vectors` — row-major [count, K] of one calibration row; not kept */
  async add(vectors: Float32Array<ArrayBufferLike>): Promise<void> {
    const K = this.#K;
    assert(vectors.length % K === 0, `whole vectors of ${K}`);
    this.#rows += 1;
    this.#count += vectors.length / K;
    this.#addMoments(vectors);
    for (let from = 0; this.#chunk && from < vectors.length; ) {
      const taken = Math.min(vectors.length - from, this.#chunk.length - this.#filled);
      this.#chunk.set(vectors.subarray(from, from + taken), this.#filled);
      this.#filled += taken;
      from += taken;
      if (this.#filled === this.#chunk.length) await this.#flush();
    }
  }

  /** Nothing can be added afterwards. */
  async finish(): Promise<InputStatistics> {
    await this.#flush();
    this.#chunk = null;
    return {
      ...{ K: this.#K, count: this.#count, rows: this.#rows },
      ...{ sum: this.#sum, sumAbs: this.#sumAbs, sumSquares: this.#sumSquares },
      ...{ min: this.#min, max: this.#max, gram: this.#gram },
    };
  }

  async #flush(): Promise<void> {
    if (!this.#chunk || !this.#gram || !this.#addGram || this.#filled === 0) return;
    const filled = this.#chunk.subarray(0, this.#filled);
    this.#gram = await this.#addGram(this.#gram, filled, this.#K);
    this.#filled = 0;
  }

  #addMoments(vectors: Float32Array<ArrayBufferLike>): void {
    const K = this.#K;
    for (let at = 0; at < vectors.length; at += K) {
      for (let k = 0; k < K; k++) {
        const x = vectors[at + k] as number;
        this.#sum[k] = (this.#sum[k] as number) + x;
        this.#sumAbs[k] = (this.#sumAbs[k] as number) + Math.abs(x);
        this.#sumSquares[k] = (this.#sumSquares[k] as number) + x * x;
        // Neither order of comparison lets NaN through.
        if (!(x >= (this.#min[k] as number))) this.#min[k] = x;
        if (!(x <= (this.#max[k] as number))) this.#max[k] = x;
      }
    }
  }
}
