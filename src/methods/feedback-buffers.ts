/** Matrices of error feedback on the device, four bytes an element. */
import type { Gpu, OwnedBuffer } from '../gpu/gpu.ts';

/** Channels in a row of every buffer come in whole multiples. */
const CHANNELS = 64;

/** Elements from column to column of `N` channels side by side. */
export const strideOf = (N: number): number => CHANNELS * Math.ceil(N / CHANNELS);

/** The most channels, at least `CHANNELS`, whose stride is within `limit`. */
export const strideWithin = (limit: number): number =>
  CHANNELS * Math.max(1, Math.floor(limit / CHANNELS));

export class FeedbackBuffers {
  readonly #gpu: Gpu;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** All 0. */
  empty(label: string, elements: number): OwnedBuffer {
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    return this.#gpu.buffer(`feedback/${label}`, 4 * elements, STORAGE | COPY_SRC | COPY_DST);
  }

  uploaded(
    label: string,
    values: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
  ): OwnedBuffer {
    const buffer = this.empty(label, values.length);
    this.#gpu.device.queue.writeBuffer(buffer, 0, values);
    return buffer;
  }

  /** What `take` makes of the bytes, which are gone afterwards. */
  async read<T>(buffer: OwnedBuffer, take: (bytes: ArrayBuffer) => T): Promise<T> {
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    const { size } = buffer;
    using staging = this.#gpu.buffer('feedback/read-back', size, MAP_READ | COPY_DST);
    const batch = this.#gpu.batch('feedback/read-back');
    batch.copy({ buffer, offset: 0, size }, staging, 0);
    batch.submit();
    await this.#gpu.guard(staging.mapAsync(GPUMapMode.READ));
    return take(staging.getMappedRange());
  }
}
