/** Buffers of one piece of work: filled from the host, written by kernels, read back. */
import type { Gpu, OwnedBuffer } from './gpu.ts';

export class DeviceBuffers {
  readonly #gpu: Gpu;
  readonly #label: string;

  /** - `label` — before each buffer's own */
  constructor(gpu: Gpu, label: string) {
    this.#gpu = gpu;
    this.#label = label;
  }

  /** All 0. */
  empty(label: string, byteLength: number): OwnedBuffer {
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const usage = STORAGE | COPY_SRC | COPY_DST;
    return this.#gpu.buffer(`${this.#label}/${label}`, byteLength, usage);
  }

  /** Up to a multiple of 16 bytes, since some kernels load four values at once. */
  uploaded(
    label: string,
    values: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
  ): OwnedBuffer {
    const buffer = this.empty(label, 16 * Math.ceil(values.byteLength / 16));
    this.#gpu.device.queue.writeBuffer(buffer, 0, values);
    return buffer;
  }

  /** What `take` makes of the bytes, which are gone afterwards. @throws device-lost, gpu-failed */
  async read<T>(buffer: GPUBuffer, take: (bytes: ArrayBuffer) => T): Promise<T> {
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    const { size } = buffer;
    const label = `${this.#label}/read-back`;
    using staging = this.#gpu.buffer(label, size, MAP_READ | COPY_DST);
    const batch = this.#gpu.batch(label);
    batch.copy({ buffer, offset: 0, size }, staging, 0);
    batch.submit();
    await this.#gpu.guard(staging.mapAsync(GPUMapMode.READ));
    return take(staging.getMappedRange());
  }
}
