import type { LayerErrors } from './awq-device.ts';
import type { Matrix, MatrixDevice } from './matrix-device.ts';

/** 128 MB: what a device of the least limits binds. */
const SLAB_ELEMENTS = 2 ** 25;

/**
 * `layerError` by products: the float64 sum of D ∘ (D H), of which D H is a float32 product. H is
 * uploaded once, in slabs of its rows, which are also its columns.
 */
export class ProductErrors<M extends Matrix = Matrix> implements LayerErrors {
  readonly #device: MatrixDevice<M>;
  readonly #K: number;
  readonly #slabs: M[] = [];

  /**
   * - `gram` — float32 [K, K], symmetric
   * @throws too-large, out-of-memory
   */
  constructor(
    device: MatrixDevice<M>,
    gram: Float32Array<ArrayBuffer>,
    K: number,
    slabElements = SLAB_ELEMENTS,
  ) {
    this.#device = device;
    this.#K = K;
    // A device may leave up to three elements between rows.
    const step = Math.max(1, Math.floor(slabElements / (K + 3)));
    try {
      for (let first = 0; first < K; first += step) {
        const end = Math.min(K, first + step);
        this.#slabs.push(device.upload(gram.subarray(first * K, end * K), end - first, K));
      }
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  async of(rows: Float32Array<ArrayBuffer>, signal: AbortSignal): Promise<number> {
    return (await this.byRow(rows, signal)).reduce((sum, error) => sum + error, 0);
  }

  /** float64 [n]: d H dᵀ of each of the rows. @throws as `of` */
  async byRow(rows: Float32Array<ArrayBuffer>, signal: AbortSignal): Promise<Float64Array> {
    signal.throwIfAborted();
    const K = this.#K;
    const n = rows.length / K;
    using errors = this.#device.upload(rows, n, K);
    const sums = new Float64Array(n);
    let first = 0;
    for (const slab of this.#slabs) {
      const width = slab.rows;
      using product = await this.#device.multiply(
        { a: errors, b: slab, transposition: 'NT' },
        signal,
      );
      const spread = await this.#device.download(product);
      for (let row = 0, at = 0; row < n; row++) {
        const line = row * K + first;
        let sum = 0;
        for (let k = 0; k < width; k++, at++) {
          sum += (rows[line + k] as number) * (spread[at] as number);
        }
        sums[row] = (sums[row] as number) + sum;
      }
      first += width;
    }
    return sums;
  }

  [Symbol.dispose](): void {
    for (const slab of this.#slabs) slab[Symbol.dispose]();
  }
}
