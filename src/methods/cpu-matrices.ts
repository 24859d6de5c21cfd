import { matmul } from '../reference/matmul.ts';
import {
  type Matrix,
  type MatrixDevice,
  type Product,
  productShape,
  slabRows,
} from './matrix-device.ts';

/** About 50 ms. */
const MAX_FLOP = 2 ** 25;

export interface CpuMatrix extends Matrix {
  readonly values: Float32Array<ArrayBuffer>;
}

const matrixOf = (values: Float32Array<ArrayBuffer>, rows: number, columns: number): CpuMatrix => ({
  ...{ values, rows, columns },
  [Symbol.dispose]: () => {},
});

/** The reference on this thread; lets messages in between slabs of rows. */
export class CpuMatrices implements MatrixDevice<CpuMatrix> {
  readonly speed: number = 1;
  readonly #maxFlop: number;

  constructor(maxFlop = MAX_FLOP) {
    this.#maxFlop = maxFlop;
  }

  upload = matrixOf;

  async multiply(product: Product<CpuMatrix>, signal: AbortSignal): Promise<CpuMatrix> {
    const { a, b, transposition, addTo } = product;
    const shape = productShape(product);
    const { M, N, K } = shape;
    const result = addTo ? addTo.values.slice() : new Float32Array(M * N);
    const step = slabRows(shape, this.#maxFlop, 1);
    for (let row = 0; row < M; row += step) {
      const count = Math.min(step, M - row);
      const part =
        transposition === 'TN'
          ? columnsOf(a, row, count)
          : a.values.subarray(row * K, (row + count) * K);
      const own = result.subarray(row * N, (row + count) * N);
      own.set(matmul(part, b.values, { M: count, N, K }, transposition, own.slice()));
      if (row + step < M) await new Promise((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
    }
    return matrixOf(result, M, N);
  }

  async download({ values }: CpuMatrix): Promise<Float32Array<ArrayBuffer>> {
    return values.slice();
  }
}

function columnsOf({ values, rows, columns }: CpuMatrix, first: number, count: number) {
  if (count === columns) return values;
  const part = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) {
    const start = row * columns + first;
    part.set(values.subarray(start, start + count), row * count);
  }
  return part;
}
