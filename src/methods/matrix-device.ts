/** Where float32 matrices live and are multiplied: the GPU, or this thread. */
import type { Transposition } from '../core/transposition.ts';

export interface Matrix extends Disposable {
  readonly rows: number;
  readonly columns: number;
}

export interface Product<M extends Matrix> {
  readonly a: M;
  readonly b: M;
  readonly transposition: Transposition;
  /** Adds the product to a copy of this. */
  readonly addTo?: M;
}

/** Both kinds add products in the order of K; they may differ in the last bits. */
export interface MatrixDevice<M extends Matrix = Matrix> {
  /** Roughly how many times as fast as float64 loops on this thread it multiplies. */
  readonly speed: number;
  /**
   * - `values` — float32 [rows, columns]
   * @throws too-large, out-of-memory
   */
  upload(values: Float32Array<ArrayBuffer>, rows: number, columns: number): M;
  /** @throws device-lost, gpu-failed; the signal's reason when it aborts */
  multiply(product: Product<M>, signal: AbortSignal): Promise<M>;
  /** float32 [rows, columns] */
  download(matrix: M): Promise<Float32Array<ArrayBuffer>>;
}

/** Rows and columns of a product. */
export function productShape({ a, b, transposition }: Product<Matrix>) {
  return {
    M: transposition === 'TN' ? a.columns : a.rows,
    N: transposition === 'NT' ? b.rows : b.columns,
    K: transposition === 'TN' ? a.rows : a.columns,
  };
}

/** Rows of a product that make at most `maxFlop` at a time; whole multiples of `multiple`. */
export function slabRows(
  { M, N, K }: { readonly M: number; readonly N: number; readonly K: number },
  maxFlop: number,
  multiple: number,
): number {
  const rows = Math.floor(maxFlop / (2 * N * K) / multiple) * multiple;
  return Math.min(Math.max(rows, multiple), M);
}
