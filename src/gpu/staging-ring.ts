/**
 * Reused mapped buffers between the host and the device. Fresh large allocations and single calls
 * of `writeBuffer` are two to three times slower in browsers.
 */
import { assert } from '../core/assert.ts';
import type { Gpu, OwnedBuffer } from './gpu.ts';

type Direction = 'upload' | 'read-back';

/**
 * `count` staging buffers of `byteLength` each. `take` waits until one is free, which is the
 * backpressure of whoever streams through it.
 */
export class StagingRing implements Disposable {
  readonly byteLength: number;
  readonly #gpu: Gpu;
  readonly #buffers: readonly OwnedBuffer[];
  readonly #free: GPUBuffer[];
  readonly #waiting: ((buffer: GPUBuffer) => void)[] = [];
  readonly #direction: Direction;

  constructor(gpu: Gpu, direction: Direction, count: number, byteLength: number) {
    const { MAP_WRITE, MAP_READ, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const usage = direction === 'upload' ? MAP_WRITE | COPY_SRC : MAP_READ | COPY_DST;
    this.#gpu = gpu;
    this.#direction = direction;
    this.byteLength = Math.ceil(byteLength / 4) * 4;
    this.#buffers = Array.from({ length: count }, (_, i) =>
      gpu.buffer(`${direction} ${i}`, byteLength, usage),
    );
    this.#free = [...this.#buffers];
  }

  /**
   * A free buffer: mapped over its first `byteLength` bytes for an upload, unmapped for a read-back.
   * @throws device-lost, gpu-failed
   */
  async take(byteLength: number): Promise<GPUBuffer> {
    assert(byteLength <= this.byteLength, `${byteLength} B of staging`);
    const buffer = await this.#gpu.guard(this.#next());
    if (this.#direction === 'upload') {
      await this.#gpu.guard(buffer.mapAsync(GPUMapMode.WRITE, 0, align4(byteLength)));
    }
    return buffer;
  }

  /** Returns a buffer that is unmapped; for an upload as soon as its copy is submitted. */
  give(buffer: GPUBuffer): void {
    const next = this.#waiting.shift();
    if (next) next(buffer);
    else this.#free.push(buffer);
  }

  /** Waits until what was copied into `buffer` is there, and lends it to `use`. */
  async read(
    buffer: GPUBuffer,
    byteLength: number,
    use: (bytes: ArrayBuffer) => void,
  ): Promise<void> {
    await this.#gpu.guard(buffer.mapAsync(GPUMapMode.READ, 0, align4(byteLength)));
    try {
      use(buffer.getMappedRange(0, align4(byteLength)));
    } finally {
      buffer.unmap();
    }
  }

  [Symbol.dispose](): void {
    for (const buffer of this.#buffers) buffer.destroy();
  }

  #next(): Promise<GPUBuffer> {
    const buffer = this.#free.shift();
    if (buffer) return Promise.resolve(buffer);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** Mapped ranges are multiples of 4 long. */
const align4 = (byteLength: number) => Math.ceil(byteLength / 4) * 4;
