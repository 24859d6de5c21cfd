/** What errors cost a layer's outputs, from its factor on the device: tr(E (H + λI) Eᵀ), row by row. */
import { DeviceBuffers } from '../gpu/device-buffers.ts';
import type { Gpu, OwnedBuffer } from '../gpu/gpu.ts';
import { feedbackLosses } from '../kernels/feedback-losses.ts';
import { type MatmulVariant, matmul } from '../kernels/matmul.ts';
import type { UpperFactor } from '../reference/upper-factor.ts';
import { channelsBeside, strideOf, wholeWithin } from './feedback-layouts.ts';
import { MAX_FLOP } from './gpu-matrices.ts';

/** Columns [first, first + columns) of the factor, f32 [first + columns, stride]. */
interface Slab {
  readonly first: number;
  readonly columns: number;
  readonly stride: number;
  readonly buffer: OwnedBuffer;
}

export class FactorLosses implements Disposable {
  readonly #gpu: Gpu;
  readonly #buffers: DeviceBuffers;
  readonly #variant: MatmulVariant;
  readonly #K: number;
  readonly #maxBytes: number;
  readonly #diagonal: Float32Array<ArrayBuffer>;
  readonly #slabs: Slab[] = [];

  /**
   * - `maxBytes` — of one binding
   * @throws too-large, out-of-memory
   */
  constructor(
    gpu: Gpu,
    variant: MatmulVariant,
    { K, upper, diagonal }: UpperFactor,
    maxBytes: number,
  ) {
    this.#gpu = gpu;
    this.#buffers = new DeviceBuffers(gpu, 'losses');
    this.#variant = variant;
    this.#K = K;
    this.#maxBytes = maxBytes;
    this.#diagonal = Float32Array.from(diagonal);
    const step = wholeWithin(maxBytes / 4 / K);
    try {
      for (let first = 0; first < K; first += step) {
        const columns = Math.min(step, K - first);
        const stride = 4 * Math.ceil(columns / 4);
        const values = columnsOf(upper, K, { first, columns, stride });
        const buffer = this.#buffers.uploaded('factor', values);
        this.#slabs.push({ first, columns, stride, buffer });
      }
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * float64 [N]
   * - `errors` — float32 [N, K], columns in the order of the factor
   * @throws device-lost, out-of-memory, gpu-failed; the signal's reason when it aborts
   */
  async of(
    errors: Float32Array<ArrayBuffer>,
    N: number,
    signal: AbortSignal,
  ): Promise<Float64Array<ArrayBuffer>> {
    const K = this.#K;
    const byWork = MAX_FLOP.hardware / 2 / K / K;
    const step = wholeWithin(Math.min(this.#maxBytes / 4 / K, byWork));
    const losses = new Float64Array(N);
    for (let first = 0; first < N; first += step) {
      const rows = Math.min(step, N - first);
      const own = errors.subarray(first * K, (first + rows) * K);
      losses.set(await this.#part(own, rows, signal), first);
    }
    return losses;
  }

  async #part(
    errors: Float32Array<ArrayBuffer>,
    N: number,
    signal: AbortSignal,
  ): Promise<Float64Array<ArrayBuffer>> {
    const K = this.#K;
    const stride = strideOf(N);
    const product = matmul(this.#variant, 'TN');
    await Promise.all([this.#gpu.prepare(product), this.#gpu.prepare(feedbackLosses)]);
    using own = this.#buffers.uploaded('errors', channelsBeside(errors, N, K, stride));
    using diagonal = this.#buffers.uploaded('diagonal', this.#diagonal);
    using spread = this.#buffers.empty('spread', 4 * K * stride);
    using losses = this.#buffers.empty('losses', 4 * stride);
    signal.throwIfAborted();
    const batch = this.#gpu.batch('losses');
    batch.copy({ buffer: own, offset: 0, size: 4 * K * stride }, spread, 0);
    for (const { first, columns, stride: aStride, buffer } of this.#slabs) {
      const part = { buffer: spread, offset: 4 * first * stride, size: 4 * columns * stride };
      batch.dispatch(
        product,
        { a: buffer, b: own, c: part },
        {
          ...{ M: columns, N: stride, K: first + columns, accumulate: 1 },
          ...{ aStride, bStride: stride, cStride: stride },
        },
      );
    }
    batch.dispatch(feedbackLosses, { spread, diagonal, losses }, { K, stride });
    batch.submit();
    return this.#buffers.read(losses, (found) => Float64Array.from(new Float32Array(found, 0, N)));
  }

  [Symbol.dispose](): void {
    for (const { buffer } of this.#slabs) buffer.destroy();
  }
}

/** Of the rows that are not all 0 there: those above and beside the diagonal. */
function columnsOf(
  upper: Float32Array,
  K: number,
  { first, columns, stride }: Omit<Slab, 'buffer'>,
): Float32Array<ArrayBuffer> {
  const values = new Float32Array((first + columns) * stride);
  for (let row = 0; row < first + columns; row++) {
    const from = row * K + first;
    values.set(upper.subarray(from, from + columns), row * stride);
  }
  return values;
}
