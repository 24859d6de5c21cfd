/** Buffers of tests, with words around them that no kernel may touch. */
import { assert } from '../../core/assert.ts';
import type { BufferSlice } from '../../gpu/batch.ts';
import type { Gpu } from '../../gpu/gpu.ts';

const GUARD_BYTES = 256; // keeps the middle aligned as a binding
const SENTINEL = 0xbadc0ded;

export interface GuardedBuffer extends BufferSlice, Disposable {
  /** The middle part. Throws if a guard word changed. */
  read(): Promise<ArrayBuffer>;
}

/** `byteLength` bytes filled with `fill`, between guards. */
export function guarded(gpu: Gpu, byteLength: number, fill = SENTINEL): GuardedBuffer {
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const total = byteLength + 2 * GUARD_BYTES;
  const buffer = gpu.buffer('guarded', total, STORAGE | COPY_SRC | COPY_DST);
  const words = new Uint32Array(total / 4).fill(SENTINEL);
  words.fill(fill, GUARD_BYTES / 4, (GUARD_BYTES + byteLength) / 4);
  gpu.device.queue.writeBuffer(buffer, 0, words);
  return {
    buffer,
    offset: GUARD_BYTES,
    size: byteLength,
    async read() {
      using staging = gpu.buffer('read-back', total, MAP_READ | COPY_DST);
      const batch = gpu.batch('read-back');
      batch.copy({ buffer, offset: 0, size: total }, staging, 0);
      batch.submit();
      await gpu.guard(staging.mapAsync(GPUMapMode.READ));
      const read = new Uint32Array(staging.getMappedRange().slice(0));
      const guards = [...read.subarray(0, 64), ...read.subarray(read.length - 64)];
      assert(
        guards.every((word) => word === SENTINEL),
        'guard words are intact',
      );
      return read.slice(64, read.length - 64).buffer;
    },
    [Symbol.dispose]: () => buffer.destroy(),
  };
}

/** A storage buffer that holds `contents`. */
export function uploaded(gpu: Gpu, contents: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) {
  const { STORAGE, COPY_DST } = GPUBufferUsage;
  const buffer = gpu.buffer('uploaded', contents.byteLength, STORAGE | COPY_DST);
  gpu.device.queue.writeBuffer(buffer, 0, contents);
  return buffer;
}
