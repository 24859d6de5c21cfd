import { StudioError } from '../core/studio-error.ts';
import type { BufferSlice } from '../gpu/batch.ts';
import type { Gpu, OwnedBuffer } from '../gpu/gpu.ts';
import { type MatmulVariant, matmul } from '../kernels/matmul.ts';
import {
  type Matrix,
  type MatrixDevice,
  type Product,
  productShape,
  slabRows,
} from './matrix-device.ts';

/**
 * A second or less, so that no watchdog takes it for a hang; a slow GPU makes 20 GFLOP/s. 4096³ in
 * slabs of 2³¹ took an H100 62 to 72 ms, in slabs of 2³⁴ 22 to 26 ms.
 */
export const MAX_FLOP = { software: 2 ** 31, hardware: 2 ** 34 } as const;
/** Rows whose offset is a multiple of 256 bytes, along rows and along columns. */
const SLAB_MULTIPLE = 64;

export interface GpuMatrix extends Matrix {
  readonly buffer: OwnedBuffer;
  /** Elements from row to row, a multiple of 4. */
  readonly stride: number;
}

const up4 = (count: number) => Math.ceil(count / 4) * 4;

/** Matrices in buffers, multiplied by one variant of the kernel. */
export class GpuMatrices implements MatrixDevice<GpuMatrix> {
  readonly speed: number;
  readonly #gpu: Gpu;
  readonly #variant: MatmulVariant;
  readonly #maxFlop: number;

  constructor(gpu: Gpu, variant: MatmulVariant, maxFlop?: number) {
    const { isSoftware } = gpu.adapter;
    this.speed = isSoftware ? 2 : 200;
    this.#gpu = gpu;
    this.#variant = variant;
    this.#maxFlop = maxFlop ?? MAX_FLOP[isSoftware ? 'software' : 'hardware'];
  }

  upload(values: Float32Array<ArrayBuffer>, rows: number, columns: number): GpuMatrix {
    const matrix = this.#matrix(rows, columns);
    const { buffer, stride } = matrix;
    const { queue } = this.#gpu.device;
    if (stride === columns) {
      queue.writeBuffer(buffer, 0, values);
    } else {
      const spread = new Float32Array(rows * stride);
      for (let row = 0; row < rows; row++) {
        spread.set(values.subarray(row * columns, (row + 1) * columns), row * stride);
      }
      queue.writeBuffer(buffer, 0, spread);
    }
    return matrix;
  }

  async multiply(product: Product<GpuMatrix>, signal: AbortSignal): Promise<GpuMatrix> {
    const { a, b, transposition, addTo } = product;
    const shape = productShape(product);
    const kernel = matmul(this.#variant, transposition);
    await this.#gpu.prepare(kernel);
    const c = this.#matrix(shape.M, shape.N);
    try {
      const step = slabRows(shape, this.#maxFlop, SLAB_MULTIPLE);
      for (let row = 0; row < shape.M; row += step) {
        signal.throwIfAborted();
        const batch = this.#gpu.batch('multiply');
        const rows = Math.min(step, shape.M - row);
        const target = partOf(c, row * c.stride);
        if (addTo) {
          const size = 4 * rows * c.stride;
          batch.copy({ ...partOf(addTo, row * c.stride), size }, c.buffer, target.offset);
        }
        batch.dispatch(
          kernel,
          { a: partOf(a, transposition === 'TN' ? row : row * a.stride), b: b.buffer, c: target },
          {
            ...{ M: rows, N: shape.N, K: shape.K },
            ...{ aStride: a.stride, bStride: b.stride, cStride: c.stride },
            accumulate: Number(addTo !== undefined),
          },
        );
        batch.submit();
        if (row + step < shape.M) {
          await this.#gpu.guard(this.#gpu.device.queue.onSubmittedWorkDone());
        }
      }
      return c;
    } catch (error) {
      c[Symbol.dispose]();
      throw error;
    }
  }

  async download({ buffer, rows, columns, stride }: GpuMatrix): Promise<Float32Array<ArrayBuffer>> {
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    const size = 4 * rows * stride;
    using staging = this.#gpu.buffer('matrix/read-back', size, MAP_READ | COPY_DST);
    const batch = this.#gpu.batch('download');
    batch.copy({ buffer, offset: 0, size }, staging, 0);
    batch.submit();
    await this.#gpu.guard(staging.mapAsync(GPUMapMode.READ));
    const read = new Float32Array(staging.getMappedRange());
    if (stride === columns) return read.slice();
    const values = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      values.set(read.subarray(row * stride, row * stride + columns), row * columns);
    }
    return values;
  }

  #matrix(rows: number, columns: number): GpuMatrix {
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const stride = up4(columns);
    const byteLength = 4 * rows * stride;
    const limit = this.#gpu.device.limits.maxStorageBufferBindingSize;
    if (byteLength > limit) {
      throw new StudioError(
        'too-large',
        `A matrix of ${rows} × ${columns} takes ${byteLength} B; this GPU binds at most ${limit} B. ` +
          'Leave the weight alone or choose a smaller rank.',
      );
    }
    const buffer = this.#gpu.buffer('matrix', byteLength, STORAGE | COPY_SRC | COPY_DST);
    return { rows, columns, buffer, stride, [Symbol.dispose]: () => buffer.destroy() };
  }
}

/** The elements of a matrix's buffer from `first` on. */
function partOf({ buffer, rows, stride }: GpuMatrix, first: number): BufferSlice {
  return { buffer, offset: 4 * first, size: 4 * (rows * stride - first) };
}
